import { createReadStream, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Fault } from '../../kit/fault.ts';
import { payloadPath } from '../../model/payload.ts';
import type { Route } from './index.ts';

/** What attackers left, as an inert attachment: never a type that a browser would show or run. */
export const payloads: Route = (app, { data }) => {
  app.get('/api/v1/payloads/:sha256', (c) => {
    const name = c.req.param('sha256');
    if (!/^[0-9a-f]{64}$/.test(name)) throw new Fault('invalid', 'A payload is named by its SHA-256.');
    // Taken here, or brought by a sensor of the fleet.
    const found = ['sensor', 'fleet']
      .map((part) => payloadPath(join(data, part, 'payloads'), name))
      .map((one) => ({ path: one, stat: statSync(one, { throwIfNoEntry: false }) }))
      .find((one) => one.stat?.isFile());
    if (!found?.stat) throw new Fault('not-found', 'This payload is not kept here.');
    const { path, stat } = found;
    return c.body(Readable.toWeb(createReadStream(path)) as ReadableStream, 200, {
      'Content-Type': 'application/octet-stream',
      'Content-Disposition': `attachment; filename="${name}.bin"`,
      'Content-Length': String(stat.size),
      'Content-Security-Policy': "sandbox; default-src 'none'",
    });
  });
};
