import { type Config, configSchema } from '../../config.ts';
import { systemClock } from '../../kit/clock.ts';
import { readConfig } from '../../kit/config-file.ts';
import { Fault } from '../../kit/fault.ts';
import { lockFolder } from '../../kit/lock.ts';
import { createLog } from '../../kit/log.ts';
import { askedToEnd, memberVerbs } from '../../member.ts';
import { checkPersonas } from '../../pipeline/persona-check.ts';
import { startSensor } from '../../pipeline/sensor.ts';
import { type Context, defineCommand } from '../command.ts';
import { printLink } from '../print-link.ts';

export const sensor = defineCommand({
  name: 'sensor',
  usage: '[--config FILE] > events.jsonl | lint | enrol HUB:PORT TOKEN | run',
  summary:
    'Run the decoys alone, without any database: as lines to be imported elsewhere, or as a member of a fleet. lint: look for what would give them away.',
  async run(context) {
    const [verb, ...rest] = context.args;
    if (verb === 'lint') return tellLint(context);
    const config = verb === undefined ? readConfig(configSchema, context.configPath, process.env) : null;
    const release = lockFolder(context.data);
    try {
      if (config) await alone(config, context.data);
      else if (verb === 'enrol') {
        const said = await memberVerbs.enrol(context.data, rest);
        context.out.item({ said }, () => said);
      } else if (verb === 'run') await memberVerbs.run(context.data);
      else throw new Fault('usage', 'Say lint, enrol or run, or nothing.');
    } finally {
      release();
    }
    return 0;
  },
});

async function alone(config: Config, data: string): Promise<void> {
  const log = createLog('caltrop');
  const handle = await startSensor({
    config,
    data,
    link: (stream) => printLink(stream, process.stdout),
    log,
    clock: systemClock,
  });
  for (const { emulator, host, port } of handle.status.services)
    log.info('a decoy listens', { emulator, host, port });
  await askedToEnd();
  await handle.stop();
}

/** One line a machine, and below it each thing that gives it away. 1 where there is any. */
function tellLint({ configPath, data, out }: Context): number {
  const config = readConfig(configSchema, configPath, process.env);
  const machines = checkPersonas(config, data, systemClock.now());
  for (const { name, kind, hosts, hostname, services, complaints } of machines)
    out.item({ name, kind, hosts, hostname, services, complaints }, () => [
      `${complaints.length ? 'BAD' : 'ok '} ${kind} ${hostname} on ${hosts.join(', ')}: ${services.join(', ')}`,
      ...complaints.map(({ rule, says }) => `      ${rule}: ${says}`),
    ]);
  return machines.some(({ complaints }) => complaints.length > 0) ? 1 : 0;
}
