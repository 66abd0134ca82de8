import { stringify } from 'yaml';
import { z } from 'zod';
import { configSchema } from '../../config.ts';
import { readConfig } from '../../kit/config-file.ts';
import { Fault } from '../../kit/fault.ts';
import { defineCommand } from '../command.ts';

export const config = defineCommand({
  name: 'config',
  usage: 'check|show|schema [--config FILE]',
  summary: 'Check the configuration, show it with all defaults, or print its JSON Schema.',
  async run({ args, configPath, out }) {
    const [verb] = args;
    if (verb === 'schema') {
      const schema = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' });
      out.item(schema, () => JSON.stringify(schema, null, 2));
      return 0;
    }
    if (verb !== 'check' && verb !== 'show') throw new Fault('usage', 'Say check, show or schema.');
    const settings = readConfig(configSchema, configPath, process.env);
    if (verb === 'check') out.item({ ok: true }, () => 'The configuration is good.');
    else out.item(settings, () => stringify(settings).trimEnd());
    return 0;
  },
});
