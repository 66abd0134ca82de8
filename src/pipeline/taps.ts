import { chmodSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { basename, dirname } from 'node:path';
import type { Config } from '../config.ts';
import { Fault } from '../kit/fault.ts';
import type { Log } from '../kit/log.ts';
import type { Ingest } from './ingest.ts';
import type { IngestSetup } from './messages.ts';

/** Resolvers that are connected at a time. */
const connectionLimit = 64;
/** After this much silence a connection is tried, so that those that are gone make room. */
const keepAliveMs = 60_000;

/** The settings of a live intake's worker: what files it reads on. */
export function followOf({ follow }: Config['intake']): Pick<IngestSetup, 'follow'> {
  return {
    follow: follow.map(({ path, format, name, from }) => ({
      ...{ path, format, from },
      name: name ?? basename(path).slice(0, 64),
    })),
  };
}

/** Listens where resolvers may bring dnstap, if anywhere. What they say is evidence against nobody. */
export async function listenTaps(
  { name, socket, group, host, port }: Config['intake']['dnstap'],
  ingest: Pick<Ingest, 'link'>,
  log: Log,
) {
  const open = new Set<Socket>();
  const take = (stream: Socket) => {
    if (open.size >= connectionLimit) {
      log.warn('a resolver was turned away: too many are connected', { limit: connectionLimit });
      stream.destroy();
      return;
    }
    open.add(stream);
    stream.setKeepAlive(true, keepAliveMs);
    stream.on('close', () => open.delete(stream));
    ingest.link(name, stream, 'dnstap');
  };
  const servers: Server[] = [];
  const listen = async (at: { path: string } | { host: string; port: number }) => {
    const server = createServer(take);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(at, resolve);
    });
    server.on('error', (cause) => log.error('no more resolvers can connect', { cause }));
    servers.push(server);
    return server;
  };
  const close = async () => {
    for (const server of servers) {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const stream of open) stream.destroy();
      await closed;
    }
  };
  try {
    if (socket !== undefined) {
      mkdirSync(dirname(socket), { recursive: true, mode: 0o755 });
      const there = statSync(socket, { throwIfNoEntry: false });
      if (there && !there.isSocket())
        throw new Fault('config', '', {
          remedies: [{ path: 'intake.dnstap.socket', expected: 'a path where nothing else stands' }],
        });
      rmSync(socket, { force: true });
      // Nobody may connect before its mode is set.
      const mask = process.umask(0o177);
      const listening = listen({ path: socket });
      process.umask(mask);
      await listening;
      chmodSync(socket, group ? 0o660 : 0o600);
    }
    const tcp = port === undefined ? null : await listen({ host, port });
    return { port: tcp ? (tcp.address() as AddressInfo).port : null, close };
  } catch (cause) {
    await close();
    throw cause;
  }
}
