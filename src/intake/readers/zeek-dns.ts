import { defineReader, type Reading } from '../reader.ts';
import { answer, askedName, nowhere, Records, recordType, responseCode } from './parts/dns.ts';
import { address, port, type Row, share } from './parts/fields.ts';
import { isDirective, zeekConnection, zeekRows, zeekTime } from './parts/zeek-rows.ts';

/**
 * Zeek's dns.log (`base/protocols/dns/main.zeek`), as TSV or as JSON: question and answer in one line, a chain of aliases in its
 * order, without the types of its records. A line without a question is passed over.
 */
export const zeekDns = defineReader({
  name: 'zeek-dns',
  summary: "Zeek's dns.log, TSV or JSON",

  sniff: (lines) =>
    lines.includes('#path\tdns')
      ? 1
      : share(
          lines,
          (line) => line.startsWith('{') && line.includes('"qtype') && line.includes('"id.orig_h"'),
        ),
  preamble: isDirective,

  start() {
    const rows = zeekRows(wanted, ['answers', 'TTLs']);
    return (line) => {
      const fields = rows(line);
      return fields === null ? null : told(fields);
    };
  },
});

/** Columns that are read; of the others, the log has three times as many. */
const wanted = [
  ...zeekConnection,
  'proto',
  'query',
  'qclass',
  'qtype',
  'qtype_name',
  'rcode_name',
  'answers',
  'TTLs',
] as const;

function told(fields: Row): Reading | null {
  if (fields.query === undefined || fields.query === '') return null;
  if (fields.qclass !== undefined && Number(fields.qclass) !== 1) return null;
  const time = zeekTime(fields.ts);
  const name = askedName(fields.query);
  const type = recordType(fields.qtype_name ?? fields.qtype);
  const records = new Records(name);
  const ttls: unknown[] = Array.isArray(fields.TTLs) ? fields.TTLs : [];
  const answers: unknown[] = Array.isArray(fields.answers) ? fields.answers : [];
  for (const [i, data] of answers.entries()) records.add({ ...dataOf(data), asked: type, ttl: ttls[i] });
  const rcode = responseCode(fields.rcode_name);
  return answer(
    {
      time,
      session: typeof fields.uid === 'string' ? fields.uid.slice(0, 64) : '',
      transport: fields.proto === 'tcp' ? 'tcp' : 'udp',
      src: end(fields['id.orig_h'], fields['id.orig_p']),
      dst: end(fields['id.resp_h'], fields['id.resp_p']),
    },
    { name, type, records, ...(rcode !== undefined && { rcode }) },
  );
}

/** Some types are told before their data, texts with their length as well (`TXT 5 hello`, `RRSIG 5 example`); others are data alone. */
function dataOf(data: unknown): { data: string; type?: string } {
  if (typeof data !== 'string') return { data: '' };
  if (!data.includes(' ')) return { data };
  const [, type, length, text] = /^([A-Z][A-Z0-9]{1,15}) (\d+)(?: (.*))?$/s.exec(data) ?? [];
  if (type === undefined) return { data };
  return {
    type,
    data: type === 'TXT' || type === 'SPF' ? (text ?? '') : `${length} ${text ?? ''}`.trimEnd(),
  };
}

const end = (ip: unknown, at: unknown) =>
  ip === undefined ? nowhere : { ip: address(ip), port: at === undefined ? 0 : port(at) };
