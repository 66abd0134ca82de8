import { configSchema } from '../../config.ts';
import { systemClock } from '../../kit/clock.ts';
import { readConfig } from '../../kit/config-file.ts';
import { Fault } from '../../kit/fault.ts';
import { createLog } from '../../kit/log.ts';
import { askedToEnd } from '../../member.ts';
import { startEnforceRole } from '../../pipeline/roles/enforce.ts';
import { openBus } from '../../pipeline/roles/topology.ts';
import { defineCommand } from '../command.ts';

export const enforce = defineCommand({
  name: 'enforce',
  usage: 'HOST',
  summary:
    'A role of its own: enforces on this host what is decided elsewhere. HOST is its name in bus.enforcers.',
  async run({ args, configPath, data, out }) {
    const config = readConfig(configSchema, configPath, process.env);
    const [host = ''] = args;
    if (!config.bus.enforcers.includes(host))
      throw new Fault('usage', 'That host is not named in bus.enforcers.', {
        remedies: [
          { path: 'HOST', expected: config.bus.enforcers.join(', ') || 'a name', remedy: 'Name it there.' },
        ],
      });
    const bus = await openBus(config);
    const role = await startEnforceRole({
      ...{ config, data, host, bus, log: createLog('caltrop'), clock: systemClock },
    });
    out.item({ host }, () => `Enforcing as ${host}.`);
    await askedToEnd();
    await role.close();
    return 0;
  },
});
