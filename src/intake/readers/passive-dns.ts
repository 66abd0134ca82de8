import { defineReader } from '../reader.ts';
import { answer, askedName, Records, recordType } from './parts/dns.ts';
import { count, moment, type Row, row, share } from './parts/fields.ts';
import { isoTime } from './parts/time.ts';

/**
 * Passive DNS in the Common Output Format (draft-dulaunoy-dnsop-passive-dns-cof): what was answered for a name over a span of
 * time, and how often. Nobody is named who asked.
 */
export const passiveDns = defineReader({
  name: 'passive-dns',
  summary: 'Passive DNS, Common Output Format',

  sniff: (lines) =>
    share(
      lines,
      (line) => line.includes('"rrname"') && line.includes('"rdata"') && /"(?:zone_)?time_first/.test(line),
    ),

  start: () => (line) => {
    const fields = row(line);
    const name = askedName(fields.rrname);
    const type = recordType(fields.rrtype);
    const records = new Records(name);
    for (const data of Array.isArray(fields.rdata) ? fields.rdata : [fields.rdata])
      records.add({ type, data: typeof data === 'string' ? data : '' });
    const first = moment(timeOf(fields, 'time_first'));
    const last = Math.max(first, moment(timeOf(fields, 'time_last')));
    return answer(
      { time: last },
      { name, type, records, first, last, ...(fields.count !== undefined && { count: count(fields.count) }) },
    );
  },
});

/** Seconds since the epoch, milliseconds under a name of their own, or an RFC 3339 time; those of zone files where there are no others. */
function timeOf(fields: Row, field: 'time_first' | 'time_last'): number {
  const ms = fields[`${field}_ms`];
  if (typeof ms === 'number') return Math.round(ms);
  const time = fields[field] ?? fields[`zone_${field}`];
  if (typeof time === 'string' && time.includes('-')) return isoTime(time);
  return time === undefined || time === null ? Number.NaN : Math.round(Number(time) * 1_000);
}
