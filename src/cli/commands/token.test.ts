import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSystem, type System } from '../../../test/setup/commands.ts';
import { createApp } from '../../server/index.ts';

let system: System;
beforeAll(async () => {
  system = await openSystem();
});
afterAll(() => system?.close());

/** What the API, as the network sees it, answers to whoever brings this token. */
const answer = async (token: string) => {
  const headers = { host: '127.0.0.1:7700', authorization: `Bearer ${token}` };
  const app = createApp(system.pipeline, false);
  return (await app.request('http://127.0.0.1:7700/api/v1/status', { headers })).status;
};

it('makes a token that opens the API, shown alone so that a script can take it', async () => {
  const { code, out, err } = await system.run('token', 'a script', '--days', '2');
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/^caltrop_[\w-]{43}\n$/);
  expect(await answer(out.trim())).toBe(200);
  expect(await answer(`${out.trim().slice(0, -1)}!`)).toBe(401);
  const [made] = await system.ask<{ token: string }>('token', 'another');
  expect(made!.token).not.toBe(out.trim());
  expect(await answer(made!.token)).toBe(200);
});

it.each([
  [64, []],
  [64, ['x', '--days', 'many']],
  [1, ['x', '--days', '4000']],
  [1, ['x'.repeat(65)]],
])('ends with %i on %j', async (code, args) => {
  const { out, ...ran } = await system.run('token', ...args);
  expect([ran.code, out]).toEqual([code, '']);
});
