import type { Actor } from '../../model/actor.ts';
import type { SessionRecord } from '../../model/session.ts';
import { defineCommand } from '../command.ts';
import { whole } from '../number.ts';
import { at } from '../output.ts';

interface Page extends Actor {
  seen: { ip: string; sessions: number; first: number; last: number }[];
  latest: SessionRecord[];
}

export const actors = defineCommand({
  name: 'actors',
  usage: '[ACTOR]',
  summary:
    'Who is behind several addresses, the latest first; with an id, the addresses and sessions of one.',
  options: {
    addresses: { type: 'string', value: 'N', summary: 'with at least so many addresses (default 2)' },
    limit: { type: 'string', value: 'N', summary: 'at most so many (default 50)' },
  },
  async run({ args, options, client, out }) {
    const limit = whole('--limit', options.limit ?? 50);
    const addresses = whole('--addresses', options.addresses ?? 2);
    const api = await client();
    const [id] = args;
    if (id !== undefined) {
      const page = await api.ask<Page>('GET', `/api/v1/actors/${encodeURIComponent(id)}`);
      if (out.json) {
        out.item(page, () => []);
        return 0;
      }
      out.table(page.joins, joins, 'No joins.');
      out.table(page.seen, seen, 'No addresses.');
      out.table(page.latest, latest, 'No sessions.');
      return 0;
    }
    const search = new URLSearchParams({ limit: String(limit), addresses: String(addresses) });
    out.table(await api.ask<Actor[]>('GET', `/api/v1/actors?${search}`), columns, 'No actors.');
    return 0;
  },
});

type Columns<T> = [title: string, cell: (row: T) => unknown][];

const columns: Columns<Actor> = [
  ['LAST (UTC)', ({ last }) => at(last)],
  ['ACTOR', ({ id }) => id],
  ['ADDRESSES', ({ addresses }) => addresses],
  ['SESSIONS', ({ sessions }) => sessions],
  ['LABELS', ({ labels }) => most(labels)],
  ['KIND', ({ kinds }) => most(kinds)],
  ['TOOLS', ({ tools }) => most(tools)],
  ['JOINED BY', ({ joins }) => [...new Set(joins.map(({ by }) => by))].join(', ')],
];
const joins: Columns<Actor['joins'][number]> = [
  ['SHARED', ({ by }) => by],
  ['BY', ({ a }) => a],
  ['AND', ({ b }) => b],
  ['WHAT', ({ value }) => value],
];
const seen: Columns<Page['seen'][number]> = [
  ['ADDRESS', ({ ip }) => ip],
  ['SESSIONS', ({ sessions }) => sessions],
  ['FIRST (UTC)', ({ first }) => at(first)],
  ['LAST (UTC)', ({ last }) => at(last)],
];
const latest: Columns<SessionRecord> = [
  ['SESSION', ({ id }) => id],
  ['START (UTC)', ({ start }) => at(start)],
  ['FROM', ({ src }) => src],
  ['AT', ({ sensor, protocol }) => `${protocol} ${sensor}`],
  ['LABELS', ({ labels }) => labels.join(' ')],
  ['KIND', ({ kind }) => kind],
];

/** The names that were counted most. */
function most(tally: Record<string, number>): string {
  return Object.entries(tally)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 3)
    .map(([name]) => name)
    .join(', ');
}
