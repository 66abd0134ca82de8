import { userInfo } from 'node:os';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hostile, openSystem, type System, unprintable } from '../../../test/setup/commands.ts';

interface Entry {
  block: string;
  level: string;
  owner: string;
  reason: string;
  expires: number;
}
const day = 86_400_000;

let system: System;
beforeAll(async () => {
  system = await openSystem();
});
afterAll(() => system?.close());

it('adds an entry that ends by itself, shows it, and removes it', async () => {
  const began = Date.now();
  const added = await system.run('allow', 'add', '203.0.113.0/24', '--reason', 'the office', '--days', '7');
  expect(added).toMatchObject({ code: 0, err: '' });
  expect(added.out).toMatch(/^203\.0\.113\.0\/24 is on the never-block list for 7 days;/);
  const entry = (await system.ask<Entry>('allow', 'list')).find(({ block }) => block === '203.0.113.0/24')!;
  expect(entry).toMatchObject({ level: 'hard', owner: userInfo().username, reason: 'the office' });
  expect(Math.abs(entry.expires - began - 7 * day)).toBeLessThan(60_000);

  const removed = await system.run('allow', 'remove', '203.0.113.0/24');
  expect(removed).toEqual({ code: 0, out: '203.0.113.0/24 may be denied again.\n', err: '' });
  expect((await system.run('allow', 'list')).out).not.toContain('203.0.113.0/24');
  expect((await system.run('allow', 'remove', '203.0.113.0/24')).code).toBe(1);
});

it('has entries of its own, which stay', async () => {
  const { out } = await system.run('allow', 'list');
  expect(out).toMatch(/^BLOCK +LEVEL +OWNER +UNTIL +REASON\n/);
  expect(out).toMatch(/^10\.0\.0\.0\/8 +hard +caltrop +always +private use, RFC 1918$/m);
  const { code, err } = await system.run('allow', 'remove', '10.0.0.0/8');
  expect([code, err.includes('Built-in ones cannot be removed')]).toEqual([1, true]);
});

it('keeps a caution entry with its owner, and escapes what somebody wrote', async () => {
  const reason = `a partner ${hostile}`;
  const args = ['--reason', reason, '--owner', 'net team', '--caution'];
  const [done] = await system.ask<Entry>('allow', 'add', '2001:DB8::1', ...args);
  expect(done).toMatchObject({ block: '2001:db8::1/128', level: 'caution', owner: 'net team', reason });
  const { out } = await system.run('allow', 'list');
  expect(out).toMatch(
    /^2001:db8::1\/128 +caution +net team +\d{4}-.* a partner \\x1b\]0;x\\x07\\x9b2J\\u202e/m,
  );
  expect(out).not.toMatch(unprintable);
});

it.each([
  [64, ['add', '203.0.113.1']],
  [64, ['add', '--reason', 'x']],
  [64, ['add', '203.0.113.1', '--reason', 'x', '--days', '-1']],
  [64, ['add', '203.0.113.1', '--reason', 'x', '--days', 'soon']],
  [64, ['forget', '203.0.113.1']],
  [64, []],
  [1, ['add', '203.0.113.300', '--reason', 'x']],
  [1, ['remove', 'example.org']],
])('ends with %i on %j', async (code, args) => {
  expect((await system.run('allow', ...args)).code).toBe(code);
});
