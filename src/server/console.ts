import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { compiled } from '../kit/compiled.ts';
import type { App } from './app.ts';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Serves the built console from memory: a fixed set of files, so no path of a request ever reaches the disk. */
export function serveConsole(app: App, folder = compiled('../../console', import.meta.url)): void {
  const files = new Map<string, { bytes: Uint8Array<ArrayBuffer>; type: string }>();
  for (const name of list(folder)) {
    const bytes = new Uint8Array(readFileSync(join(folder, name)));
    files.set(`/${name}`, { bytes, type: types[extname(name)] ?? 'application/octet-stream' });
  }
  app.get('*', (c, next) => {
    const { path } = c.req;
    if (path.startsWith('/api/')) return next();
    // The console's own addresses are all one page, also those that end in an IPv4 address or a domain name.
    const own = /^(\.\d*)?$/.test(extname(path)) || /^\/domains\/[^/]+$/.test(path);
    const file = files.get(path) ?? (own ? files.get('/index.html') : undefined);
    if (!file) return next();
    const cache = path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-store';
    return Promise.resolve(c.body(file.bytes, 200, { 'Content-Type': file.type, 'Cache-Control': cache }));
  });
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  } catch {
    return [];
  }
}
