import { configSchema } from '../../config.ts';
import { readConfig } from '../../kit/config-file.ts';
import { createLog } from '../../kit/log.ts';
import { defineCommand } from '../command.ts';
import { serve } from '../serve.ts';

export const up = defineCommand({
  name: 'up',
  usage: '[OPTIONS]',
  summary: 'Run everything on this machine: sensors, pipeline, console.',
  options: { quiet: { type: 'boolean', summary: 'do not print the console address and a new token' } },
  async run({ configPath, data, options, out }) {
    const config = readConfig(configSchema, configPath, process.env);
    const system = await serve({ config, data, log: createLog('caltrop') });
    if (!options.quiet) {
      const { address, pipeline } = system;
      const { mode } = config.decision;
      const services = pipeline.sensor?.status.services ?? [];
      const token = await system.token();
      out.item(
        { console: address, token, sensor: config.sensor.name, services, mode, profile: config.profile },
        () => [
          '',
          `  Caltrop is running: ${mode === 'enforce' ? 'decisions are enforced' : 'decisions are simulated, nothing is blocked'}${config.profile === 'lab' ? ' (lab profile)' : ''}.`,
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
    await system.ended;
    return system.close();
  },
});
