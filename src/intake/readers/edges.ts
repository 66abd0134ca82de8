import { canonicalIp, isIpv4 } from '../../kit/ip.ts';
import { defineReader, Reject } from '../reader.ts';
import { answer, askedName, Records, recordType } from './parts/dns.ts';
import { count, moment, share } from './parts/fields.ts';
import { isoTime } from './parts/time.ts';

const tooFew = new Reject('fewer than two columns');
const badTarget = new Reject('the second end is neither an address nor a domain name');

const columnLimit = 32;
/** What columns may be called, by what they hold. */
const known: Record<string, string[]> = {
  name: ['domain', 'name', 'fqdn', 'rrname', 'query', 'source'],
  target: ['ip', 'address', 'addr', 'target', 'rdata', 'answer', 'data'],
  type: ['type', 'rrtype', 'edge'],
  first: ['first_seen', 'time_first', 'first'],
  last: ['last_seen', 'time_last', 'last', 'time', 'timestamp'],
  count: ['count'],
};
const usual = new Map([
  ['name', 0],
  ['target', 1],
  ['first', 2],
  ['last', 3],
]);
/** Words of a column of types that are no record types. */
const kinds: Record<string, string> = { resolves: '', resolve: '', alias: 'CNAME' };

/**
 * Plain edges, tab-separated: a domain, and an address or a name that it leads to; then, where given, when that was first and last
 * seen. A first line of column names may put them in another order and add `type` and `count`; other columns are kept as detail.
 * Edges without a time are of the file's: the time when it was last written.
 */
export const edges = defineReader({
  name: 'edges',
  summary: 'Domains and what they lead to, tab-separated',

  sniff: (lines) => share(lines, (line) => columnsOf(line) !== null || looks(line)),
  preamble: (line) => columnsOf(line) !== null,

  start({ written, now }) {
    let columns: Map<string, number> | null = null;
    return (line) => {
      if (line.startsWith('#')) return null;
      const named = columns === null ? columnsOf(line) : null;
      columns ??= named ?? usual;
      if (named !== null) return null;
      const cells = line.split('\t', columnLimit);
      if (cells.length < 2) throw tooFew;
      const cell = (column: string): string => cells[columns?.get(column) ?? columnLimit]?.trim() ?? '';
      const name = askedName(cell('name'));
      const data = cell('target');
      const type = typeOf(cell('type'), data);
      const records = new Records(name);
      records.add({ type, data });
      if (records.unread > 0) throw badTarget;
      const first = timeOf(cell('first'));
      const last = timeOf(cell('last')) ?? first;
      const times = cell('count');
      const detail = detailOf(columns, cells);
      return answer(
        { time: last ?? written ?? now() },
        {
          name,
          type,
          records,
          ...(first !== undefined && { first }),
          ...(last !== undefined && { last: Math.max(last, first ?? 0) }),
          ...(times !== '' && { count: count(times) }),
          ...(detail && { detail }),
        },
      );
    };
  },
});

/** Where which column is, or null where this is no line of column names. */
function columnsOf(line: string): Map<string, number> | null {
  const found = new Map<string, number>();
  for (const [i, cell] of line.split('\t', columnLimit).entries()) {
    const word = cell.trim().toLowerCase();
    const role = Object.keys(known).find((one) => known[one]!.includes(word) && !found.has(one));
    if (role !== undefined) found.set(role, i);
    else if (/^[a-z][a-z0-9_]{0,63}$/.test(word)) found.set(`detail ${word}`, i);
  }
  return found.has('name') && found.has('target') ? found : null;
}

function detailOf(columns: Map<string, number>, cells: string[]): Record<string, string> | null {
  let detail: Record<string, string> | null = null;
  for (const [column, i] of columns) {
    const value = column.startsWith('detail ') ? cells[i] : undefined;
    if (!value) continue;
    detail ??= {};
    detail[column.slice(7)] = value.slice(0, 4_096);
  }
  return detail;
}

function looks(line: string): boolean {
  const [name = '', target = ''] = line.split('\t', 3);
  return /^[^\s.]+\.\S+$/.test(name) && (canonicalIp(target) !== null || /^[^\s.]+\.\S+$/.test(target));
}

function typeOf(word: string, target: string): string {
  const type = word === '' ? '' : (kinds[word.toLowerCase()] ?? recordType(word));
  if (type !== '') return type;
  const ip = canonicalIp(target);
  return ip === null ? 'CNAME' : isIpv4(ip) ? 'A' : 'AAAA';
}

/** RFC 3339, a date, or seconds since the epoch. */
function timeOf(text: string): number | undefined {
  if (text === '' || text === '-') return undefined;
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return moment(isoTime(`${text}T00:00:00Z`));
  return moment(text.includes('-') ? isoTime(text) : Math.round(Number(text) * 1_000));
}
