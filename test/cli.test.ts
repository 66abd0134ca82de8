import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'caltrop-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function caltrop(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(join(root, 'caltrop'), args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}

const json = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const connect = (session: string, ip: string, second: number) =>
  JSON.stringify({
    eventid: 'cowrie.session.connect',
    src_port: 40_000,
    dst_ip: '192.0.2.10',
    dst_port: 22,
    timestamp: `2025-02-12T00:00:${String(second).padStart(2, '0')}.000000Z`,
    src_ip: ip,
    session,
    sensor: 'pot',
    protocol: 'ssh',
  });

const line = (session: string, ip: string, second: number, secret: string) =>
  JSON.stringify({
    eventid: 'cowrie.login.failed',
    username: 'root',
    password: secret,
    timestamp: `2025-02-12T00:00:${String(second).padStart(2, '0')}.000000Z`,
    src_ip: ip,
    session,
    sensor: 'pot',
    protocol: 'ssh',
  });

test('help lists every command; an unknown one is a usage error', async () => {
  const help = await caltrop('help');
  expect(help.code).toBe(0);
  for (const name of [
    'up',
    'sensor',
    'import',
    'why',
    'decisions',
    'allow',
    'findings',
    'status',
    'doctor',
    'stop',
    'resume',
    'backup',
    'restore',
    'config',
  ]) {
    expect(help.out).toContain(`  ${name} `);
  }
  expect((await caltrop('no\u001bsuch')).code).toBe(64);
  expect((await caltrop('import')).code).toBe(64);
  expect((await caltrop('status', '--nonsense')).code).toBe(64);
});

test('every fault of a configuration is told at once, each with path and remedy', async () => {
  const path = join(folder, 'bad.yaml');
  writeFileSync(
    path,
    'profile: wild\nsensor:\n  bind: [nowhere]\n  services: {telnet: {port: 99999}}\nlake: {urll: x}\nstate: {url: "${NOT_SET_ANYWHERE}"}\n',
  );
  const bad = await caltrop('config', 'check', '--config', path, '--json');
  expect(bad.code).toBe(78);
  const [{ remedies }] = json(bad.out) as [{ remedies: { path: string }[] }];
  expect(remedies.map((one) => one.path)).toEqual(['state.url']);
  writeFileSync(
    path,
    'profile: wild\nsensor:\n  bind: [nowhere]\n  services: {telnet: {port: 99999}}\nlake: {urll: x}\n',
  );
  const [all] = json((await caltrop('config', 'check', '--config', path, '--json')).out) as [
    { remedies: { path: string }[] },
  ];
  expect(all.remedies.map((one) => one.path).sort()).toEqual([
    'lake.urll',
    'profile',
    'sensor.bind.0',
    'sensor.services.telnet.port',
  ]);
  writeFileSync(path, '');
  expect((await caltrop('config', 'check', '--config', path)).code).toBe(0);
  writeFileSync(path, 'profile: lab\nserver: {host: 0.0.0.0}\n');
  expect((await caltrop('status', '--config', path, '--data', join(folder, 'lab'))).code).toBe(78);
});

test('an import goes through the whole pipeline, twice without a second row, and why walks to the raw line', async () => {
  const data = join(folder, 'data');
  const log = join(folder, 'cowrie.json');
  const lines = Array.from({ length: 15 }, (_, i) => [
    connect(`s${i}`, '203.0.113.9', i),
    line(`s${i}`, '203.0.113.9', i, `pw${i}`),
  ]).flat();
  writeFileSync(log, `${[...lines, '{"broken', line('t', '198.51.100.1', 59, 'x')].join('\n')}\n`);
  const first = await caltrop('import', log, '--data', data, '--json');
  expect(first.err).toBe('');
  expect(first.code).toBe(0);
  const finished = json(first.out).at(-1)!;
  expect(finished).toMatchObject({ type: 'finished', events: 31, rejected: 1 });
  const refused = JSON.parse(readFileSync((finished.rejectFiles as string[])[0]!, 'utf8')) as Record<
    string,
    unknown
  >;
  expect(refused).toMatchObject({ source: 'cowrie.json', line: 31, text: '{"broken' });
  expect((await caltrop('import', log, '--data', data, '--json')).code).toBe(0);
  const [status] = json((await caltrop('status', '--data', data, '--json')).out) as [
    { lake: { events: number } },
  ];
  expect(status.lake.events).toBe(31);

  const decisions = json((await caltrop('decisions', '--data', data, '--json')).out) as {
    decision: { id: string; mode: string; scope: { source: string } };
  }[];
  expect(new Set(decisions.map(({ decision }) => `${decision.mode} ${decision.scope.source}`))).toEqual(
    new Set(['simulate 203.0.113.9']),
  );
  const why = await caltrop('why', decisions[0]!.decision.id, '--data', data);
  expect(why.code).toBe(0);
  expect(why.out).toContain('"password":"pw');

  const backup = join(folder, 'backup');
  expect((await caltrop('backup', backup, '--data', data)).code).toBe(0);
  const copy = join(folder, 'copy');
  expect((await caltrop('restore', backup, '--data', copy)).code).toBe(0);
  const restored = json((await caltrop('decisions', '--data', copy, '--json')).out);
  expect(restored).toEqual(decisions);
  const [again] = json((await caltrop('status', '--data', copy, '--json')).out) as [
    { lake: { events: number } },
  ];
  expect(again.lake.events).toBe(31);
  expect((await caltrop('restore', backup, '--data', copy)).code).toBe(1);
  const broken = readdirSync(join(backup, 'state'))[0]!;
  writeFileSync(join(backup, 'state', broken), 'x');
  const damaged = await caltrop('restore', backup, '--data', join(folder, 'copy2'));
  expect([damaged.code, damaged.err.includes(broken), existsSync(join(folder, 'copy2'))]).toEqual([
    1,
    true,
    false,
  ]);
}, 120_000);
