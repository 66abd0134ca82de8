import type { Indicator } from '../../model/indicator.ts';
import { defineCommand } from '../command.ts';
import { whole } from '../number.ts';
import { at } from '../output.ts';

export const indicators = defineCommand({
  name: 'indicators',
  usage: '[--type TYPE] [--match TEXT]',
  summary: 'Addresses, files and keys that attackers gave away, the latest first.',
  options: {
    type: { type: 'string', value: 'TYPE', summary: 'url, domain, ip, ip:port, hash or ssh-key' },
    match: { type: 'string', value: 'TEXT', summary: 'only with this in the value' },
    limit: { type: 'string', value: 'N', summary: 'at most so many (default 50)' },
  },
  async run({ options, client, out }) {
    const limit = whole('--limit', options.limit ?? 50);
    const search = new URLSearchParams({ limit: String(limit) });
    if (options.type) search.set('type', String(options.type));
    if (options.match) search.set('match', String(options.match));
    const api = await client();
    out.table(
      await api.ask<Indicator[]>('GET', `/api/v1/indicators?${search}`),
      [
        ['LAST (UTC)', ({ last }) => at(last)],
        ['TYPE', ({ type }) => type],
        ['VALUE', ({ value }) => value],
        ['SESSIONS', ({ sessions }) => sessions],
        ['LABELS', ({ labels }) => labels.join(' ')],
        ['HOW', ({ says }) => says],
      ],
      'No indicators.',
    );
    return 0;
  },
});
