import { configSchema } from '../../config.ts';
import { systemClock } from '../../kit/clock.ts';
import { readConfig } from '../../kit/config-file.ts';
import { Fault } from '../../kit/fault.ts';
import { createLog } from '../../kit/log.ts';
import { askedToEnd } from '../../member.ts';
import { startAnalyseRole } from '../../pipeline/roles/analyse.ts';
import { openBus } from '../../pipeline/roles/topology.ts';
import { defineCommand } from '../command.ts';

export const analyse = defineCommand({
  name: 'analyse',
  usage: '[--shards N,N…]',
  summary: 'A role of its own: watches the events of the bus, and says what it makes of them.',
  options: { shards: { type: 'string', value: 'N,N…', summary: 'which parts it watches (default: all)' } },
  async run({ configPath, data, options, out }) {
    const config = readConfig(configSchema, configPath, process.env);
    const shards = shardsOf(options.shards, config.bus.shards);
    const bus = await openBus(config);
    const role = await startAnalyseRole({
      ...{ config, data, shards, bus, log: createLog('caltrop'), clock: systemClock },
    });
    out.item({ shards }, () => `Analysing the shards ${shards.join(', ')} of ${config.bus.shards}.`);
    await askedToEnd();
    await role.close();
    return 0;
  },
});

function shardsOf(given: unknown, count: number): number[] {
  if (given === undefined) return Array.from({ length: count }, (_, i) => i);
  const shards = String(given).split(',').map(Number);
  if (shards.every((one) => Number.isInteger(one) && one >= 0 && one < count)) return [...new Set(shards)];
  throw new Fault('usage', `Shards are numbers from 0 to ${count - 1}, with commas between.`);
}
