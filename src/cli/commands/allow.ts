import { userInfo } from 'node:os';
import { Fault } from '../../kit/fault.ts';
import { defineCommand } from '../command.ts';
import { at } from '../output.ts';

const day = 86_400_000;

interface Entry {
  block: string;
  level: string;
  owner: string;
  reason: string;
  expires: number;
}

export const allow = defineCommand({
  name: 'allow',
  usage: 'add BLOCK --reason TEXT [--owner NAME] [--days N] | remove BLOCK | list',
  summary: 'The never-block list: addresses that are never denied.',
  options: {
    reason: { type: 'string', value: 'TEXT', summary: 'why it must not be denied' },
    owner: { type: 'string', value: 'NAME', summary: 'who answers for the entry (default: you)' },
    days: { type: 'string', value: 'N', summary: 'when it ends by itself (default 90)' },
    caution: {
      type: 'boolean',
      summary: 'do not refuse a deny altogether, but allow only the first step on single ports',
    },
  },
  async run({ args, options, client, out }) {
    const [verb, block] = args;
    if (verb === 'list') {
      const api = await client();
      out.table(
        await api.ask<Entry[]>('GET', '/api/v1/never-block'),
        [
          ['BLOCK', (entry) => entry.block],
          ['LEVEL', (entry) => entry.level],
          ['OWNER', (entry) => entry.owner],
          ['UNTIL', (entry) => (entry.expires > 4e12 ? 'always' : at(entry.expires))],
          ['REASON', (entry) => entry.reason],
        ],
        'The list is empty: nothing is denied at all.',
      );
      return 0;
    }
    if ((verb !== 'add' && verb !== 'remove') || !block)
      throw new Fault('usage', 'Say add, remove or list, and which block.');
    if (verb === 'remove') {
      const api = await client();
      const done = await api.ask('DELETE', '/api/v1/never-block', { block });
      out.item(done, () => `${block} may be denied again.`);
      return 0;
    }
    const days = Number(options.days ?? 90);
    if (!options.reason) throw new Fault('usage', 'An entry needs a --reason.');
    if (!(days > 0)) throw new Fault('usage', '--days takes a positive number.');
    const api = await client();
    const entry = {
      block,
      level: options.caution ? 'caution' : 'hard',
      owner: String(options.owner ?? userInfo().username),
      reason: String(options.reason),
      expires: Date.now() + Math.round(days * day),
    };
    const done = await api.ask('POST', '/api/v1/never-block', entry);
    out.item(
      done,
      () => `${block} is on the never-block list for ${days} days; denies that it covers are taken back.`,
    );
    return 0;
  },
});
