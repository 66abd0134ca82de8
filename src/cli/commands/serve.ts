import { configSchema } from '../../config.ts';
import { readConfig } from '../../kit/config-file.ts';
import { createLog } from '../../kit/log.ts';
import { needBus } from '../../pipeline/roles/topology.ts';
import { defineCommand } from '../command.ts';
import { serve as start } from '../serve.ts';

export const serve = defineCommand({
  name: 'serve',
  usage: '[OPTIONS]',
  summary: 'A role of its own: stores, decides, and shows the console; events and signals come from the bus.',
  async run({ configPath, data, out }) {
    const config = readConfig(configSchema, configPath, process.env);
    needBus(config);
    const system = await start({ config, data, log: createLog('caltrop'), distributed: true });
    const { address } = system;
    const token = await system.token();
    out.item({ console: address, token }, () => `Console   ${address}#token=${token}`);
    await system.ended;
    return system.close();
  },
});
