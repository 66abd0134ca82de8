import { configSchema } from '../../config.ts';
import { systemClock } from '../../kit/clock.ts';
import { readConfig } from '../../kit/config-file.ts';
import { lockFolder } from '../../kit/lock.ts';
import { createLog } from '../../kit/log.ts';
import { startSensor } from '../../pipeline/sensor.ts';
import { defineCommand } from '../command.ts';
import { printLink } from '../print-link.ts';

export const sensor = defineCommand({
  name: 'sensor',
  usage: '[--config FILE] [--data DIR] > events.jsonl',
  summary:
    'Run the decoys alone, without any database: events come out as JSON lines, to be imported elsewhere.',
  async run({ configPath, data }) {
    const config = readConfig(configSchema, configPath, process.env);
    const log = createLog('caltrop');
    const release = lockFolder(data);
    try {
      const handle = await startSensor({
        config,
        data,
        link: (stream) => printLink(stream, process.stdout),
        log,
        clock: systemClock,
      });
      for (const { emulator, host, port } of handle.status.services)
        log.info('a decoy listens', { emulator, host, port });
      await new Promise<void>((resolve) => {
        process.once('SIGINT', () => resolve());
        process.once('SIGTERM', () => resolve());
        process.stdout.once('error', () => resolve());
      });
      await handle.stop();
    } finally {
      release();
    }
    return 0;
  },
});
