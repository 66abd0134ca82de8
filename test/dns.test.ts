import { execFile } from 'node:child_process';
import { appendFileSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { examples } from '../src/intake/readers/examples.ts';
import { silentLog } from '../src/kit/log.ts';
import { collect, openEmbeddedLake } from '../src/lake/index.ts';
import { answersOf } from '../src/model/answers.ts';
import type { BodyOf } from '../src/model/event.ts';
import { createInstalled, eventually } from './setup/installed.ts';
import { installed, type Resolver, startDnsmasq, startNamed, startUnbound } from './setup/resolvers.ts';

const run = promisify(execFile);
const missing = ['named', 'unbound', 'dnsmasq', 'dig', 'fstrm_replay'].filter((name) => !installed(name));
const without = missing.length > 0 ? ` (skipped without ${missing.join(', ')})` : '';

const folder = mkdtempSync(join(tmpdir(), 'caltrop-dns-'));
const running: Resolver[] = [];
const system = createInstalled('dns', 'intake: {enrich: false}\n');
const socket = join(folder, 'dnstap.sock');
const followed = join(folder, 'follow.log');
const live = createInstalled(
  'dns-live',
  `server: {port: 0}
sensor: {enabled: false}
intake:
  enrich: false
  dnstap: {socket: ${socket}, port: 0}
  follow:
    - {path: ${followed}, format: bind-query, name: queries}
`,
);
afterAll(async () => {
  for (const one of running) await one.stop();
  await Promise.all([system.remove(), live.remove()]);
  rmSync(folder, { recursive: true, force: true });
});

interface Row {
  sensor: string;
  src: string;
  transport: string;
  handshake: string;
  body: BodyOf<'answer'>;
}

/** What the lake has of a system that does not run. */
async function stored({ data }: { data: string }): Promise<Row[]> {
  const lake = await openEmbeddedLake({
    folder: join(data, 'lake'),
    runFolder: join(data, 'run'),
    log: silentLog,
  });
  try {
    const sql = `SELECT sensor, kind, toString(src_ip) AS src, transport, handshake, rest FROM events ORDER BY sensor, seq`;
    return (await collect<Record<string, string>>(lake.rows({ sql }))).map((row) => {
      expect(['answer', 'certificate']).toContain(row.kind);
      const body = { kind: row.kind, ...JSON.parse(row.rest!) } as BodyOf<'answer'>;
      return {
        sensor: row.sensor!,
        src: row.src!,
        transport: row.transport!,
        handshake: row.handshake!,
        body,
      };
    });
  } finally {
    await lake.close();
  }
}

const chain = (body: BodyOf<'answer'>) => answersOf(body).map(({ type, data }) => `${type} ${data}`);

/** Asks for all that the zone has, for what it has not, and for what is no name. */
async function askAll({ dig }: Resolver): Promise<void> {
  for (const [name, type, more = '+notcp'] of [
    ['www.example', 'A'],
    ['Host.Example', 'AAAA', '+tcp'],
    ['mail.example', 'MX'],
    ['_sip._tcp.example', 'SRV'],
    ['txt.example', 'TXT'],
    ['svc.example', 'HTTPS'],
    ['nope.example', 'A'],
    ['a\\032b.example', 'A'],
  ] as const)
    await dig(name, type, more);
}

/** Events of the dnstap file that the first test makes, and the second replays. */
let inFile = 0;

/** Formats of which no real writer is at hand here: as they are documented. */
const documented = [
  'zeek-dns',
  'zeek-ssl',
  'zeek-x509',
  'suricata-dns',
  'route53-resolver',
  'passive-dns',
  'edges',
];

test.skipIf(missing.length > 0)(
  `what real resolvers log is imported, each format known by itself, and nobody is accused${without}`,
  async () => {
    const named = await startNamed(join(folder, 'file'), `file "${join(folder, 'tap.fstrm')}"`);
    running.push(named);
    const unbound = await startUnbound(folder, named.port);
    running.push(unbound);
    const dnsmasq = await startDnsmasq(folder, named.port);
    running.push(dnsmasq);
    for (const one of [unbound, dnsmasq]) {
      await askAll(one);
      await one.stop();
    }
    await askAll(named);
    await named.stop();

    const files = ['tap.fstrm', 'file/query.log', 'unbound.log', 'dnsmasq.log'].map((name) =>
      join(folder, name),
    );
    for (const format of documented) {
      const path = join(folder, `${format}.log`);
      writeFileSync(path, `${examples[format]!.join('\n')}\n`);
      files.push(path);
    }
    const { code, lines } = await system.caltrop<{ type: string; format: string; events: number }>(
      'import',
      ...files,
    );
    expect(code).toBe(0);
    const imported = lines.filter(({ type }) => type === 'imported');
    expect(imported.map(({ format }) => format)).toEqual([
      'dnstap',
      'bind-query',
      'unbound',
      'dnsmasq',
      ...documented,
    ]);
    inFile = imported[0]!.events;
    for (const { format, events } of imported) expect([format, events > 0]).toEqual([format, true]);
    for (const list of ['decisions', 'findings'])
      expect([list, (await system.caltrop(list)).lines]).toEqual([list, []]);

    const rows = await stored(system);
    expect(rows.length).toBe(imported.reduce((sum, { events }) => sum + events, 0));
    expect(rows.filter(({ handshake }) => handshake !== 'none')).toEqual([]);
    const of = (sensor: string, name: string, type: string) =>
      rows.filter((row) => row.sensor === sensor && row.body.name === name && row.body.type === type);

    // What each says of the same questions.
    const whole = ['CNAME web.example', 'CNAME host.example'];
    const [tapped] = of('tap.fstrm', 'www.example', 'A');
    expect(chain(tapped!.body).slice(0, 2)).toEqual(whole);
    expect(chain(tapped!.body).slice(2).sort()).toEqual(['A 192.0.2.10', 'A 192.0.2.11']);
    expect(tapped).toMatchObject({ src: '::ffff:127.0.0.1', body: { rcode: 'NOERROR' } });
    expect(tapped!.body.detail).toEqual({ message: 'AUTH_RESPONSE', identity: 'ns1' });
    expect(of('tap.fstrm', 'host.example', 'AAAA').map(({ transport }) => transport)).toContain('tcp');
    for (const [name, type, data] of [
      ['host.example', 'AAAA', 'AAAA 2001:db8::10'],
      ['mail.example', 'MX', 'MX host.example'],
      ['_sip._tcp.example', 'SRV', 'SRV host.example'],
      ['txt.example', 'TXT', 'TXT hello worldmore'],
      ['svc.example', 'HTTPS', 'HTTPS svc.example'],
    ] as const)
      expect(chain(of('tap.fstrm', name, type)[0]!.body)).toEqual([data]);
    expect(of('tap.fstrm', 'nope.example', 'A')[0]!.body).toMatchObject({ rcode: 'NXDOMAIN', answers: [] });

    expect(of('query.log', 'host.example', 'AAAA').map(({ transport }) => transport)).toContain('tcp');
    expect(of('unbound.log', 'nope.example', 'A').map(({ body }) => [body.rcode, body.count])).toEqual([
      [undefined, undefined],
      ['NXDOMAIN', 0],
    ]);
    expect(
      of('dnsmasq.log', 'www.example', 'A')
        .map(({ body }) => chain(body))
        .sort(),
    ).toEqual([[], [...whole, 'A 192.0.2.10'], [...whole, 'A 192.0.2.11']]);
    // Nowhere does a name with a blank come through.
    expect(rows.filter(({ body }) => /[^a-z0-9._-]/.test(body.name))).toEqual([]);
  },
  240_000,
);

const query = (n: number) =>
  `22-Nov-2026 11:49:47.455 client @0x7f2b 198.51.100.7#1 (n${n}.example): query: n${n}.example IN A + (127.0.0.1)\n`;

test.skipIf(missing.length > 0)(
  `a real resolver brings dnstap live, and followed files are read once over rotation and restarts${without}`,
  async () => {
    writeFileSync(followed, query(90));
    const taken = async () => {
      const { intake } = await live.get<{ intake: { events: number } | null }>('status');
      return intake?.events ?? 0;
    };
    await live.start();
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    appendFileSync(followed, query(0));
    await eventually(taken, (events) => events === 1);
    renameSync(followed, `${followed}.1`);
    appendFileSync(`${followed}.1`, query(1));
    await eventually(taken, (events) => events === 2);

    const named = await startNamed(join(folder, 'live'), `unix "${socket}"`);
    running.push(named);
    const unbound = await startUnbound(folder, named.port, socket);
    running.push(unbound);
    await askAll(unbound);
    // Seven names that are some, asked of one, and by it of the other: told by both ends.
    await eventually(taken, (events) => events >= 2 + 21);
    for (const one of [unbound, named]) await one.stop();
    expect(await live.end()).toBe(0);

    appendFileSync(`${followed}.1`, query(2));
    writeFileSync(followed, query(3));
    await live.start();
    await eventually(taken, (events) => events === 2);
    const { dnstapPort } = await live.get<{ dnstapPort: number }>('status');
    const to = ['-t', 'protobuf:dnstap.Dnstap', '-a', '127.0.0.1', '-p', String(dnstapPort)];
    await run('fstrm_replay', [...to, '-r', join(folder, 'tap.fstrm')]);
    await eventually(taken, (events) => events === 2 + inFile);
    expect(await live.end()).toBe(0);
    // What the lake had not taken when it ended is given to it at the next start.
    await live.start();
    expect(await live.end()).toBe(0);
    for (const list of ['decisions', 'findings'])
      expect([list, (await live.caltrop(list)).lines]).toEqual([list, []]);
    const rows = await stored(live);
    expect(rows.filter(({ sensor }) => sensor === 'queries').map(({ body }) => body.name)).toEqual(
      [0, 1, 2, 3].map((n) => `n${n}.example`),
    );
    const over = rows.filter(({ sensor }) => sensor === 'dnstap').map(({ body }) => body);
    expect(
      over.filter(({ name, type }) => name === 'mail.example' && type === 'MX').map(chain),
    ).toContainEqual(['MX host.example']);
  },
  240_000,
);
