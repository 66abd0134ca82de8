import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const program = ['/usr/sbin/nats-server', '/usr/bin/nats-server'].find((path) => existsSync(path));

/** Why there is no NATS server here; null where there is. */
export const natsFault = program ? null : 'nats-server is not installed';

/** Debian's NATS server with JetStream, on loopback and a folder of its own: to be used, killed and started again. */
export async function startNats() {
  const folder = mkdtempSync(join(tmpdir(), 'caltrop-nats-'));
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  let child: ChildProcess | undefined;
  const start = async () => {
    child = spawn(program!, ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', folder], {
      stdio: 'ignore',
    });
    for (;;) {
      const socket = connect({ host: '127.0.0.1', port });
      const answers = await Promise.race([
        once(socket, 'data').then(
          () => true,
          () => false,
        ),
        sleep(1_000, false),
      ]);
      socket.destroy();
      if (answers) return;
      await sleep(50);
    }
  };
  const kill = async (signal: NodeJS.Signals = 'SIGKILL') => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  await start();
  return {
    servers: `127.0.0.1:${port}`,
    start,
    kill,
    async remove() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
export type Nats = Awaited<ReturnType<typeof startNats>>;
