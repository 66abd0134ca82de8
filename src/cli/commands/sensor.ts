import { configSchema } from '../../config.ts';
import { systemClock } from '../../kit/clock.ts';
import { readConfig } from '../../kit/config-file.ts';
import { Fault } from '../../kit/fault.ts';
import { createLog } from '../../kit/log.ts';
import { type CheckedMachine, checkPersonas } from '../../pipeline/persona-check.ts';
import { startSensor } from '../../pipeline/sensor.ts';
import { lockFolder } from '../../state/lock.ts';
import { defineCommand } from '../command.ts';
import type { Output } from '../output.ts';
import { printLink } from '../print-link.ts';

export const sensor = defineCommand({
  name: 'sensor',
  usage: '[lint] [--config FILE] [--data DIR] > events.jsonl',
  summary:
    'Run the decoys alone, without any database: events come out as JSON lines, to be imported elsewhere. lint: look for what would give them away.',
  async run({ args, configPath, data, out }) {
    const config = readConfig(configSchema, configPath, process.env);
    if (args[0] === 'lint') return tellLint(checkPersonas(config, data, systemClock.now()), out);
    if (args.length > 0) throw new Fault('usage', 'Say nothing, or lint.');
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

/** One line a machine, and below it each thing that gives it away. 1 where there is any. */
function tellLint(machines: CheckedMachine[], out: Output): number {
  for (const { name, kind, hosts, hostname, services, complaints } of machines)
    out.item({ name, kind, hosts, hostname, services, complaints }, () => [
      `${complaints.length ? 'BAD' : 'ok '} ${kind} ${hostname} on ${hosts.join(', ')}: ${services.join(', ')}`,
      ...complaints.map(({ rule, says }) => `      ${rule}: ${says}`),
    ]);
  return machines.some(({ complaints }) => complaints.length > 0) ? 1 : 0;
}
