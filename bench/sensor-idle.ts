import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLog } from '../src/kit/log.ts';
import { supervise } from '../src/sensor/supervise.ts';
import { type Bench, rssMb } from './bench.ts';

/** Connections that this process opens at a time, and of each address of loopback. */
const atOnce = 200;
const perAddress = 200;

/** What idle connections cost the sensor's process: connected, greeted, and then silent. */
export const sensorIdle: Bench = {
  name: 'sensor-idle',
  summary: 'memory of idle SSH connections in the sensor process',
  async run({ folder, full, say }) {
    // Linux mostly lets a process have 20,000 files open; some are needed besides.
    const wanted = full ? 18_000 : 10_000;
    const services = ['ssh', 'telnet', 'http', 'redis'].flatMap((emulator) =>
      Array.from({ length: 10 }, () => ({ emulator, host: '127.0.0.1', port: 0, options: {} })),
    );
    const sensor = await supervise({
      name: 'bench',
      seed: 'bench',
      spoolDir: join(folder, 'spool'),
      payloadDir: join(folder, 'payloads'),
      limits: { perSource: perAddress, silentMs: 600_000, sessionMs: 3_600_000 },
      services: services.map((one) =>
        one.emulator === 'ssh' ? { ...one, options: { startups: false } } : one,
      ),
      onLink: (link) => link.resume(),
      log: createLog('bench', { level: 'error' }),
    });
    const sockets: Socket[] = [];
    try {
      const pid = sensor.status.pid!;
      const { port } = sensor.status.services.find(({ emulator }) => emulator === 'ssh')!;
      // What the first connections bring in once is not theirs.
      await open(port, 500, 0, sockets);
      for (const socket of sockets.splice(0)) socket.destroy();
      await sleep(3_000);
      const idle = rssMb(pid);
      say(`${services.length} services idle: ${Math.round(idle)} MB; opening ${wanted} connections`);
      await open(port, wanted, 1, sockets);
      // The connect events are told once it is known that no first words come.
      await sleep(10_000);
      const used = rssMb(pid) - idle;
      return {
        metrics: {
          connections: sockets.length,
          kb_per_connection: Math.round((used * 1_024 * 100) / sockets.length) / 100,
          rss_mb_idle: Math.round(idle),
        },
        params: { services: services.length, rss_mb_with_connections: Math.round(rssMb(pid)) },
        input: null,
      };
    } finally {
      for (const socket of sockets) socket.destroy();
      await sensor.stop();
    }
  },
};

/** Opens connections from many addresses; each has been greeted when this resolves. */
async function open(port: number, count: number, first: number, into: Socket[]): Promise<void> {
  for (let at = 0; at < count; at += atOnce) {
    const some = Array.from({ length: Math.min(atOnce, count - at) }, (_, i) => {
      const source = first + Math.floor((at + i) / perAddress);
      return greeted(port, `127.9.${source >> 8}.${(source & 255) + 1}`);
    });
    into.push(...(await Promise.all(some)));
  }
}

function greeted(port: number, localAddress: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, localAddress });
    socket.once('error', reject);
    socket.once('data', () => resolve(socket));
  });
}
