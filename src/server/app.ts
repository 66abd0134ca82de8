import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { Fault } from '../kit/fault.ts';
import type { Log } from '../kit/log.ts';
import type { Pipeline } from '../pipeline.ts';
import { guard, type Who } from './guard.ts';
import { fleet } from './routes/fleet.ts';
import { routes } from './routes/index.ts';

export type Env = { Variables: { who: Who }; Bindings: { peer?: string } };
export type App = Hono<Env>;

const bodyBytes = 1024 * 1024;

/**
 * The HTTP API. `local` is true on the Unix socket, which only our own user can reach: it needs no token, and alone may do what
 * touches files of this machine.
 */
export function createApp(pipeline: Pipeline, local: boolean): App {
  const app = bare(pipeline.log);
  app.use(guard(pipeline, local));
  for (const route of routes) route(app, pipeline, local);
  return app;
}

/** What the role that takes in sensors answers on its Unix socket: its fleet, and nothing else. */
export function createFleetApp(parts: Pick<Pipeline, 'hub' | 'config' | 'log'>): App {
  const app = bare(parts.log);
  fleet(app, parts, true);
  return app;
}

function bare(log: Log): App {
  const app: App = new Hono<Env>();
  app.use(bodyLimit({ maxSize: bodyBytes, onError: (c) => c.json({ error: 'too-large' }, 413) }));
  app.notFound((c) => c.json({ error: 'not-found', message: 'There is no such address.' }, 404));
  app.onError((error, c) => {
    if (error instanceof Fault) {
      return c.json({ error: error.code, message: error.message, remedies: error.remedies }, error.status);
    }
    const id = crypto.randomUUID();
    log.error('a request failed', { id, method: c.req.method, path: c.req.path, cause: error });
    return c.json({ error: 'internal', message: `This is a bug; the log has it as ${id}.` }, 500);
  });
  return app;
}
