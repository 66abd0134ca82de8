import { configSchema } from '../../config.ts';
import { readConfig } from '../../kit/config-file.ts';
import { createLog } from '../../kit/log.ts';
import { openPipeline } from '../../pipeline.ts';
import { createApp, listen, serveConsole } from '../../server/index.ts';
import { socketPath } from '../client.ts';
import { defineCommand } from '../command.ts';

/** How long the one-time token of the first sign-in is good for, in milliseconds. */
const firstTokenMs = 24 * 3_600_000;

export const up = defineCommand({
  name: 'up',
  usage: '[OPTIONS]',
  summary: 'Run everything on this machine: sensors, pipeline, console.',
  options: { quiet: { type: 'boolean', summary: 'do not print the console address and a new token' } },
  async run({ configPath, data, options, out }) {
    const config = readConfig(configSchema, configPath, process.env);
    const log = createLog('caltrop');
    const pipeline = await openPipeline({ config, data, running: true, log });
    const local = await listen(createApp(pipeline, true), { socket: socketPath(data) });
    const app = createApp(pipeline, false);
    serveConsole(app);
    const web = await listen(app, config.server);

    const shown = config.server.host.includes(':') ? `[${config.server.host}]` : config.server.host;
    const address = `http://${shown}:${web.port}/`;
    const services = pipeline.sensor?.status.services ?? [];
    if (!options.quiet) {
      const token = await pipeline.tokens.create('first sign-in', pipeline.clock.now(), firstTokenMs);
      out.item(
        {
          console: address,
          token,
          sensor: config.sensor.name,
          services,
          mode: config.decision.mode,
          profile: config.profile,
        },
        () => [
          '',
          `  Caltrop is running: ${config.decision.mode === 'enforce' ? 'decisions are enforced' : 'decisions are simulated, nothing is blocked'}${config.profile === 'lab' ? ' (lab profile)' : ''}.`,
          '',
          `  Console   ${address}#token=${token}`,
          '            (the token works once, within 24 hours)',
          ...services.map(
            ({ emulator, host, port }, i) =>
              `  ${i === 0 ? 'Decoys ' : '       '}   ${emulator.padEnd(7)} ${host} ${port}`,
          ),
          ...services.slice(0, 1).map(({ host, port }) => `\n  Touch one: nc ${host} ${port}`),
          '',
        ],
      );
    }
    await new Promise<void>((resolve) => {
      process.once('SIGINT', () => resolve());
      process.once('SIGTERM', () => resolve());
      pipeline.failed.then((cause) => {
        log.error('a part that the system cannot do without has failed', { cause });
        process.exitCode = 1;
        resolve();
      });
    });
    log.info('stopping');
    await web.close();
    await local.close();
    await pipeline.close();
    return process.exitCode === 1 ? 1 : 0;
  },
});
