import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSystem, type System, unprintable } from '../../../test/setup/commands.ts';
import type { Listed } from '../../../test/setup/installed.ts';

const source = '203.0.113.9';
let system: System;
beforeAll(async () => {
  system = await openSystem();
});
afterAll(() => system?.close());

const list = (...args: string[]) => system.ask<Listed>('decisions', ...args);

it('says so where nothing was decided', async () => {
  expect(await system.run('decisions')).toEqual({ code: 0, out: 'No decisions.\n', err: '' });
  expect(await list()).toEqual([]);
});

it('lists what was decided against whom, on which ports, with what proof', async () => {
  await system.attacked(source);
  await system.attacked('203.0.113.77');
  const { code, out } = await system.run('decisions', '--source', source);
  expect(code).toBe(0);
  expect(out).toMatch(/^TIME \(UTC\) +SOURCE +SCOPE +UNTIL \(UTC\) +MODE +PROOF +POLICY +ENDED +ID\n/);
  expect(out).toMatch(
    /^2025-02-12 00:00:\d\d +203\.0\.113\.9 +tcp 22\S* .* deny \(simulate\) +E4 +bruteforce/m,
  );
  expect(out).not.toContain('203.0.113.77');
  const all = await list();
  expect(new Set(all.map(({ decision }) => decision.scope.source))).toEqual(
    new Set([source, '203.0.113.77']),
  );
  expect(await list('--limit', '1')).toEqual(all.slice(0, 1));
});

it('tells what stands from what has ended with its term', async () => {
  // Decided on the time of the log, which is years ago.
  expect(await list('--standing')).toEqual([]);
  expect(await list('--source', source)).not.toEqual([]);
});

it('takes back only what stands, and shows no id that a terminal would obey', async () => {
  const [{ decision }] = (await list('--source', source)) as [Listed];
  const over = await system.run('decisions', 'revoke', decision.id, '--reason', 'ours');
  expect([over.code, over.err.includes('No such decision stands.')]).toEqual([1, true]);
  const odd = await system.run('decisions', 'revoke', '\u001b[2J', '--reason', 'x');
  expect(odd.code).toBe(1);
  expect(odd.out + odd.err).not.toMatch(unprintable);
});

it('takes back a deny that stands, for a reason, once', async () => {
  await system.attacked('198.51.100.7', { live: true });
  const standing = await list('--standing');
  expect(standing.map(({ decision }) => decision.scope.source)).toEqual(['198.51.100.7']);
  const { id } = standing[0]!.decision;
  const revoke = ['decisions', 'revoke', id, '--reason', 'our own scanner'];
  const { code, out } = await system.run(...revoke);
  expect([code, out]).toEqual([0, `Decision ${id} is taken back; its source is only watched for a while.\n`]);
  expect(await list('--standing')).toEqual([]);
  expect((await system.run('decisions', '--source', '198.51.100.7')).out).toMatch(/ revoked +[\da-f-]{36}$/m);
  expect((await system.run(...revoke)).code).toBe(1);
});

it.each([[['revoke']], [['revoke', 'x']], [['nonsense']], [['--limit', 'all']]])(
  'is a usage error: %j',
  async (args) => {
    expect((await system.run('decisions', ...args)).code).toBe(64);
  },
);
