import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql') : [];

/** Where Debian's PostgreSQL is, or undefined. */
export const postgresBin = versions.length > 0 ? `/usr/lib/postgresql/${versions.at(-1)}/bin` : undefined;

/** A PostgreSQL server of this test's own, on a free port of loopback. */
export async function startPostgres(): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'caltrop-postgres-'));
  chmodSync(folder, 0o777);
  // The server refuses to run as root.
  const become =
    process.getuid?.() === 0
      ? ['setpriv', '--reuid', 'postgres', '--regid', 'postgres', '--clear-groups']
      : [];
  const line = (args: string[]) => {
    const [command, ...rest] = [...become, ...args];
    return [command!, rest] as const;
  };
  const data = join(folder, 'data');
  execFileSync(...line([`${postgresBin}/initdb`, '-D', data, '-U', 'caltrop', '-A', 'trust']), {
    stdio: 'ignore',
  });
  const port = await freePort();
  const server = spawn(
    ...line([
      `${postgresBin}/postgres`,
      '-D',
      data,
      '-p',
      String(port),
      '-k',
      folder,
      '-c',
      'listen_addresses=127.0.0.1',
    ]),
    { stdio: 'ignore' },
  );
  const gone = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  for (let i = 0; i < 200 && !ready(port); i++) await sleep(50);
  return {
    url: `postgres://caltrop@127.0.0.1:${port}/postgres`,
    async stop() {
      server.kill('SIGINT');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function ready(port: number): boolean {
  try {
    execFileSync(`${postgresBin}/pg_isready`, ['-h', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
