import { join } from 'node:path';
import { SshClient } from '../attack/clients/ssh.ts';
import { createLog } from '../src/kit/log.ts';
import { supervise } from '../src/sensor/supervise.ts';
import { type Bench, cpuSeconds, quantile } from './bench.ts';

const product = 'openssh-9.2p1-debian12';
/** Until the engine has compiled what is hot. */
const warmUp = 2_500;
const atOnce = 8;
/** Newcomers whose first write is timed. */
const addresses = 24;

/** What a session and a handshake cost the sensor's process, and how long the first write of a newcomer takes. */
export const sensorSsh: Bench = {
  name: 'sensor-ssh',
  summary: 'SSH sessions and handshakes: CPU of the sensor process alone',
  async run({ folder, full, say }) {
    const sessions = full ? 5_000 : 1_000;
    const handshakes = full ? 5_000 : 1_500;
    const sensor = await supervise({
      name: 'bench',
      seed: 'bench',
      spoolDir: join(folder, 'spool'),
      payloadDir: join(folder, 'payloads'),
      limits: { perSource: 10_000 },
      services: [{ emulator: 'ssh', host: '127.0.0.1', port: 0, options: { product, startups: false } }],
      onLink: (link) => link.resume(),
      log: createLog('bench', { level: 'error' }),
    });
    try {
      const { port } = sensor.status.services[0]!;
      const pid = sensor.status.pid!;
      say('A way in is found, and the code gets warm');
      await letIn(port, '127.0.0.1');
      await many(warmUp, () => session(port));
      say(`${sessions} sessions`);
      const sessionCpu = await cpuOf(pid, () => many(sessions, () => session(port)));
      say(`${handshakes} handshakes`);
      await many(warmUp, () => handshake(port));
      const handshakeCpu = await cpuOf(pid, () => many(handshakes, () => handshake(port)));
      say('First writes');
      const nothing: number[] = [];
      const writes: number[] = [];
      const newcomers = Array.from({ length: addresses }, (_, i) => `127.7.0.${i + 1}`);
      await Promise.all(newcomers.map((from) => letIn(port, from)));
      for (const from of newcomers) {
        nothing.push(await exec(port, from, 'true'));
        writes.push(await exec(port, from, 'echo x > /tmp/first'));
      }
      const round = (value: number) => Math.round(value * 100) / 100;
      return {
        metrics: {
          cpu_ms_per_session: round((sessionCpu / sessions) * 1_000),
          handshakes_per_s_core: Math.round(handshakes / handshakeCpu),
          first_write_ms: round(Math.max(0, quantile(writes, 0.5) - quantile(nothing, 0.5))),
        },
        params: {
          product,
          sessions,
          handshakes,
          at_once: atOnce,
          cipher: 'chacha20-poly1305@openssh.com',
          // What the first write is the difference of: a command that does nothing, and one that writes.
          exec_nothing_ms: round(quantile(nothing, 0.5)),
          exec_write_ms: round(quantile(writes, 0.5)),
        },
        input: null,
      };
    } finally {
      await sensor.stop();
    }
  },
};

async function cpuOf(pid: number, work: () => Promise<void>): Promise<number> {
  const before = cpuSeconds(pid);
  await work();
  return cpuSeconds(pid) - before;
}

async function many(count: number, work: () => Promise<void>): Promise<void> {
  let left = count;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (left-- > 0) await work();
    }),
  );
}

/** Tries until the password works, which it then always does for this address. */
async function letIn(port: number, from: string): Promise<void> {
  const client = await SshClient.open({ port, from });
  await client.service();
  while (!(await client.password('root', 'admin'))) {}
  client.destroy();
}

/** Connect, password, shell, `uname -a`, exit. */
async function session(port: number): Promise<void> {
  const client = await SshClient.open({ port });
  await client.service();
  if (!(await client.password('root', 'admin'))) throw new Error('the password does not work');
  await client.session();
  await client.request('pty-req', 'xterm', ...sizes, '');
  await client.request('shell');
  await client.waitFor('# ');
  client.data('uname -a\r');
  await client.waitFor('# ');
  client.data('exit\r');
  await client.closed();
  client.destroy();
}
const sizes = [80, 24, 0, 0].map((value) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
});

async function handshake(port: number): Promise<void> {
  const client = await SshClient.open({ port });
  await client.service();
  client.destroy();
}

/** From the request to the end of a command, in milliseconds. */
async function exec(port: number, from: string, command: string): Promise<number> {
  const client = await SshClient.open({ port, from });
  await client.service();
  if (!(await client.password('root', 'admin'))) throw new Error('the password does not work');
  await client.session();
  const before = performance.now();
  await client.request('exec', command);
  await client.closed();
  client.destroy();
  return performance.now() - before;
}
