import { defineReader, type Reading, Reject } from '../reader.ts';
import { answer, askedName, nowhere, Records, recordType, responseCode } from './parts/dns.ts';
import { address, moment, port, type Row, row, share } from './parts/fields.ts';
import { isoTime } from './parts/time.ts';

const noFields = new Reject('no line of field names came before');
const columnLimit = 128;

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
  preamble: (line) => line.startsWith('#'),

  start() {
    let table: Table = { columns: null, set: ',', empty: '(empty)', unset: '-' };
    return (line) => {
      if (line.startsWith('{')) return told(row(line));
      if (line.startsWith('#')) {
        table = directive(line, table);
        return null;
      }
      if (table.columns === null) throw noFields;
      return told(cells(line, table));
    };
  },
});

/** Columns that are read; of the others, the log has three times as many. */
const wanted = [
  'ts',
  'uid',
  'id.orig_h',
  'id.orig_p',
  'id.resp_h',
  'id.resp_p',
  'proto',
  'query',
  'qclass',
  'qtype',
  'qtype_name',
  'rcode_name',
  'answers',
  'TTLs',
] as const;

interface Table {
  /** Where each of the wanted columns is; -1 where it is not. */
  columns: number[] | null;
  set: string;
  empty: string;
  unset: string;
}

function directive(line: string, table: Table): Table {
  const [word, ...values] = line.split('\t', columnLimit + 1);
  if (word === '#fields') return { ...table, columns: wanted.map((field) => values.indexOf(field)) };
  const value = values[0] ?? '';
  if (value === '') return table;
  if (word === '#set_separator') return { ...table, set: value };
  if (word === '#empty_field') return { ...table, empty: value };
  return word === '#unset_field' ? { ...table, unset: value } : table;
}

/** A line of the table as the JSON log would have it. */
function cells(line: string, { columns, set, empty, unset }: Table): Row {
  const values = line.split('\t', columnLimit);
  const made: Row = {};
  for (const [i, field] of wanted.entries()) {
    const value = values[columns?.[i] ?? -1];
    if (value === undefined || value === unset) continue;
    if (field !== 'answers' && field !== 'TTLs') made[field] = unescapeHex(value);
    else made[field] = value === empty ? [] : value.split(set).map(unescapeHex);
  }
  return made;
}

/** Zeek writes separators and what cannot be printed as `\x2c`. */
const unescapeHex = (text: string): string =>
  text.includes('\\x')
    ? text.replace(/\\x([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text;

function told(fields: Row): Reading | null {
  if (fields.query === undefined || fields.query === '') return null;
  if (fields.qclass !== undefined && Number(fields.qclass) !== 1) return null;
  const { ts } = fields;
  const time = moment(
    typeof ts === 'string' && ts.includes('T') ? isoTime(ts) : Math.round(Number(ts) * 1_000),
  );
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
