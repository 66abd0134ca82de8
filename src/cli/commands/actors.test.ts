import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hostile, openSystem, type System, unprintable } from '../../../test/setup/commands.ts';
import { droppers, sharedKey } from '../../../test/setup/droppers.ts';
import type { Actor } from '../../model/actor.ts';

let system: System;
beforeAll(async () => {
  system = await openSystem();
});
afterAll(() => system?.close());

it('says so where nobody is known', async () => {
  expect(await system.run('actors')).toEqual({ code: 0, out: 'No actors.\n', err: '' });
});

it('lists who is behind several addresses, and tells of one', async () => {
  const log = join(system.folder, 'three.json');
  writeFileSync(log, droppers(['203.0.113.9', '198.51.100.4', '192.0.2.77'], `echo ${hostile}`));
  await system.run('import', log);
  const { code, out } = await system.run('actors');
  expect(code).toBe(0);
  const [head, first, end] = out.split('\n');
  expect(head).toMatch(/^LAST \(UTC\) +ACTOR +ADDRESSES +SESSIONS +LABELS +KIND +TOOLS +JOINED BY$/);
  expect(first).toMatch(/^2025-02-12 03:02:00 +actor-[0-9a-f]{12} +3 +3 +S1 +automated .* +ssh-key/);
  expect(end).toBe('');

  const [actor] = await system.ask<Actor>('actors');
  expect(actor!.joins[0]!.value).toBe(sharedKey);
  const one = await system.run('actors', actor!.id);
  expect(one.out).toMatch(/^ssh-key +203\.0\.113\.9 +198\.51\.100\.4 +AAAA/m);
  expect(one.out).toMatch(/^192\.0\.2\.77 +1 +2025-02-12 03:02:00/m);
  expect(one.out).not.toMatch(unprintable);
  const [page] = await system.ask<{ seen: unknown[]; latest: { id: string }[] }>('actors', actor!.id);
  expect([page!.seen.length, page!.latest.length]).toEqual([3, 3]);

  // From the actor over the session down to what was typed.
  const why = await system.run('why', actor!.id);
  expect(why.out).toContain('share: ssh-key AAAA');
  const session = await system.run('why', page!.latest[0]!.id);
  expect(session.out).toMatch(/^session /);
  expect(session.out).toMatch(/^ {6}S1 outlaw \(confidence /m);
  expect(session.out).toContain('"eventid":"cowrie.command.input"');
  expect(why.out + session.out).not.toMatch(unprintable);
});

it.each([
  [64, ['--limit', 'all']],
  [1, ['actor-000000000000']],
  [1, ['\u001b[2J']],
])('ends with %i on %j', async (code, args) => {
  const ran = await system.run('actors', ...args);
  expect([ran.code, ran.out]).toEqual([code, '']);
  expect(ran.err).not.toMatch(unprintable);
});
