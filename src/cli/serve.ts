import type { Config } from '../config.ts';
import type { Log } from '../kit/log.ts';
import { openPipeline } from '../pipeline.ts';
import { createApp, listen, serveConsole } from '../server/index.ts';
import { socketPath } from './client.ts';

/** How long the one-time token of a first sign-in is good for, in milliseconds. */
const firstTokenMs = 24 * 3_600_000;

/** Runs the whole system in this process and the ones that it starts: sensors, pipeline, API and console. */
export async function serve(parts: { config: Config; data: string; log: Log; distributed?: boolean }) {
  const { config, data, log, distributed = false } = parts;
  const pipeline = await openPipeline({ config, data, running: true, distributed, log });
  const local = await listen(createApp(pipeline, true), { socket: socketPath(data) });
  const app = createApp(pipeline, false);
  serveConsole(app);
  const web = await listen(app, config.server);
  const host = config.server.host.includes(':') ? `[${config.server.host}]` : config.server.host;
  let failed = false;

  return {
    pipeline,
    /** Where the console is. */
    address: `http://${host}:${web.port}/`,
    /** A token for one sign-in, good for a day. */
    token: () => pipeline.tokens.create('first sign-in', pipeline.clock.now(), firstTokenMs),
    /** Resolves when somebody asks the process to end, or when a part fails that the system cannot do without. */
    ended: new Promise<void>((resolve) => {
      process.once('SIGINT', () => resolve());
      process.once('SIGTERM', () => resolve());
      void pipeline.failed.then((cause) => {
        log.error('a part that the system cannot do without has failed', { cause });
        failed = true;
        resolve();
      });
    }),
    /** Stops everything. The exit code: 1 where a part has failed. */
    async close(): Promise<number> {
      log.info('stopping');
      await web.close();
      await local.close();
      await pipeline.close();
      return failed ? 1 : 0;
    },
  };
}

export type Serving = Awaited<ReturnType<typeof serve>>;
