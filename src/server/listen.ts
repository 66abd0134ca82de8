import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import type { App } from './app.ts';

const limits = { headersTimeout: 10_000, requestTimeout: 0, maxHeadersCount: 64, maxConnections: 512 };

/** Serves an app on TCP, or on a Unix socket that only our own user may open. */
export async function listen(app: App, at: { host: string; port: number } | { socket: string }) {
  const server = createAdaptorServer({
    fetch: (request: Request, env: unknown) => {
      const peer = (env as HttpBindings).incoming.socket.remoteAddress;
      return app.fetch(request, peer === undefined ? {} : { peer });
    },
  }) as Server;
  Object.assign(server, limits);
  if ('socket' in at) {
    mkdirSync(dirname(at.socket), { recursive: true, mode: 0o700 });
    rmSync(at.socket, { force: true });
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    if ('socket' in at) server.listen(at.socket, resolve);
    else server.listen(at.port, at.host, resolve);
  });
  if ('socket' in at) chmodSync(at.socket, 0o600);
  const address = server.address();
  return {
    port: typeof address === 'object' ? (address as AddressInfo).port : 0,
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
