import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { json, openSystem, type System } from '../../../test/setup/commands.ts';
import type { Near } from '../../reputation/rank/near.ts';
import { type Asker, type Askers, askersKey, told } from './askers.ts';

const folder = mkdtempSync(join(tmpdir(), 'caltrop-askers-'));
let system: System;
const day = 86_400_000;
const today = Date.now();
const timeOf = (n: number) => new Date(today - 10 * day + n * 60_000);

/** dnsmasq's log of who asked for what. */
function asked(client: string, name: string, n: number): string {
  const time = timeOf(n).toUTCString().slice(5, 25);
  const [date, month, , clock] = time.split(' ');
  return `${month} ${date} ${clock} dnsmasq[1]: query[A] ${name} from ${client}`;
}

beforeAll(async () => {
  system = await openSystem();
}, 120_000);
afterAll(async () => {
  await system?.close();
  rmSync(folder, { recursive: true, force: true });
});

const key = Buffer.alloc(32, 7);
const client = (ip: string, count = 1, at = 10): Asker => ({
  ip,
  asked: count,
  first: at * day,
  last: at * day,
});

it('tells of networks with enough clients, and never of fewer', () => {
  const many = [1, 2, 3].map((n) => client(`192.0.2.${n}`, n, 10 + n));
  const all = told([...many, client('198.51.100.1', 50, 1), client('203.0.113.1', 70, 99)], {
    key,
    least: 3,
  });
  expect(all).toMatchObject({ least: 3, clients: 3, asked: 6, firstDay: 11, lastDay: 13, fewer: true });
  expect(all.groups).toEqual([
    { group: expect.stringMatching(/^[0-9a-f]{12}$/), clients: 3, asked: 6, firstDay: 11, lastDay: 13 },
  ]);
  // Three that stand alone are told of together, and in no group.
  const apart = told(
    ['192.0.2.1', '198.51.100.1', '2001:db8::1'].map((ip) => client(ip)),
    { key, least: 3 },
  );
  expect(apart).toMatchObject({ clients: 3, groups: [], fewer: false });
  // Two are told of in no way: neither how many, nor when, nor how often.
  expect(told([client('192.0.2.1', 9), client('192.0.2.2', 9)], { key, least: 3 })).toEqual({
    ...{ least: 3, clients: 0, asked: 0, firstDay: null, lastDay: null, groups: [], fewer: true },
  });
  expect(told([], { key, least: 3 }).fewer).toBe(false);
});

it('hides a network behind a key', () => {
  const clients = [1, 2, 3].map((n) => client(`192.0.2.${n}`));
  const one = told(clients, { key, least: 3 }).groups[0]!.group;
  expect(told(clients, { key, least: 2 }).groups[0]!.group).toBe(one);
  expect(told(clients, { key: Buffer.alloc(32, 8), least: 3 }).groups[0]!.group).not.toBe(one);
  const path = join(folder, 'made', 'key');
  const made = askersKey(path);
  expect(made).toHaveLength(32);
  expect(askersKey(path).equals(made)).toBe(true);
  expect(statSync(path).mode & 0o077).toBe(0);
  // Nothing is left of what was drawn beside it.
  expect(readdirSync(join(folder, 'made'))).toEqual(['key']);
});

it('says who asked for a name, by what a log tells of it', { timeout: 120_000 }, async () => {
  const log = join(folder, 'dnsmasq.log');
  const lines = [1, 2, 3, 4].map((n) => asked(`10.1.2.${n}`, 'www.many.example', n));
  lines.push(asked('10.1.2.1', 'www.many.example', 9), asked('10.9.9.9', 'www.many.example', 10));
  lines.push(asked('10.1.2.1', 'secret.few.example', 11), asked('10.1.2.2', 'secret.few.example', 12));
  for (const ip of ['10.1.2.1', '10.1.2.2', '10.1.2.3'])
    lines.push(asked(ip, 'www.many.example', 20), asked(ip, 'www.other.example', 20));
  // Nothing that only looks like it.
  lines.push(asked('10.7.7.7', 'not.www.many.example', 13));
  writeFileSync(log, `${lines.join('\n')}\n`);
  const imported = await system.run('import', '--format', 'dnsmasq', log);
  expect([imported.code, imported.err]).toEqual([0, expect.anything()]);
  const many = json<{ askers: Askers }>(await system.run('domains', 'show', 'www.many.example', '--json'))[0]!
    .askers;
  expect(many).toMatchObject({ least: 3, clients: 4, asked: 8, fewer: true, untold: 0, over: false });
  expect(many.groups).toHaveLength(1);
  const shown = await system.run('domains', 'show', 'www.many.example');
  expect(shown.out).toContain('4 clients asked for it 8 times');
  expect(shown.out).toContain('and fewer than 3 others');
  const few = await system.run('domains', 'show', 'secret.few.example');
  expect(few.out).toContain('fewer than 3 clients asked for it');
  for (const { out } of [shown, few, await system.run('domains', 'show', 'www.many.example', '--json')])
    expect(out).not.toMatch(/10\.[19]\./);
  expect(readFileSync(join(system.data, 'reputation', 'key'), 'utf8')).toMatch(/^[0-9a-f]{64}$/);

  // From the name to the group, under the same name there as in the graph, and from it to what else it asked for.
  const { group } = many.groups[0]!;
  expect(shown.out).toContain(`network ${group}: 4 clients`);
  const around = json<{ near: Near }>(await system.run('domains', 'show', 'www.many.example', '--json'))[0]!;
  expect(around.near.nodes).toContainEqual({ label: group, kind: 'client', score: null });
  const walked = await system.run('domains', 'clients', group);
  expect(walked.out).toContain(`network ${group}: of its clients at least 3 asked on one day`);
  expect(walked.out).toContain('www.other.example');
  expect(walked.out).not.toContain('few.example');
  const [named] = json<{ least: number; names: { name: string }[] }>(
    await system.run('domains', 'clients', group, '--json'),
  );
  expect(named!.least).toBe(3);
  expect(named!.names.map(({ name }) => name).sort()).toEqual(['www.many.example', 'www.other.example']);
  expect((await system.run('domains', 'clients', 'ffffffffffff')).code).toBe(1);
  expect((await system.run('domains', 'clients', '../status')).code).toBe(1);
  expect((await system.run('domains', 'clients')).code).toBe(64);
});
