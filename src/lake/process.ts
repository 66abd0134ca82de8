// The lake's process: holds chDB, which allows one data directory a process and blocks the thread that uses it.
// It listens on a Unix socket only, since whoever reaches it can read and write files by SQL.
import { timingSafeEqual } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { createLog } from '../kit/log.ts';
import { type Engine, openEngine } from './engine.ts';
import type { Request } from './protocol.ts';
import { requestLimit } from './protocol.ts';

const log = createLog('lake');

async function main(): Promise<void> {
  const settings = JSON.parse(process.env.CALTROP_LAKE ?? '') as {
    socket: string;
    secret: string;
    folder: string;
  };
  delete process.env.CALTROP_LAKE;
  const engine = await openEngine(settings.folder);
  rmSync(settings.socket, { force: true });
  const server = createServer((socket) => serve(socket, engine, settings.secret));
  process.umask(0o077);
  server.listen(settings.socket, () => {
    chmodSync(settings.socket, 0o600);
    process.send?.('ready');
  });
  const stop = () => {
    server.close();
    void engine.close().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', () => {});
  // The supervisor's end: an orphaned engine would keep the directory.
  process.on('disconnect', stop);
}

function serve(socket: Socket, engine: Engine, secret: string): void {
  let text = '';
  const abort = new AbortController();
  socket.setEncoding('utf8');
  socket.on('error', () => abort.abort());
  socket.on('close', () => abort.abort());
  socket.on('data', (chunk: string) => {
    text += chunk;
    if (text.length > requestLimit) return socket.destroy();
    const end = text.indexOf('\n');
    if (end < 0) return;
    socket.removeAllListeners('data');
    answer(socket, engine, secret, text.slice(0, end), abort.signal).catch((cause: unknown) => {
      const message = cause instanceof Error ? cause.message : String(cause);
      socket.end(`!error ${JSON.stringify(message)}\n`);
    });
  });
}

async function answer(
  socket: Socket,
  engine: Engine,
  secret: string,
  line: string,
  signal: AbortSignal,
): Promise<void> {
  const request = JSON.parse(line) as Request;
  if (!same(String(request.secret), secret)) return void socket.destroy();
  if (request.op === 'load') await engine.load(request.segment);
  else if (request.op === 'command') await engine.command(request.sql);
  else if (request.op === 'rows') {
    for await (const chunk of engine.rows(request.query, signal)) {
      if (!socket.write(chunk)) await drained(socket, signal);
      if (signal.aborted) return;
    }
  }
  socket.end('!end\n');
}

function drained(socket: Socket, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      socket.off('drain', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    socket.once('drain', done);
    signal.addEventListener('abort', done);
  });
}

function same(given: string, secret: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
}

main().catch((cause: unknown) => {
  log.error('the lake could not start', { cause });
  process.exit(1);
});
