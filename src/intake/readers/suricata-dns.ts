import { normalName } from '../../kit/domain-name.ts';
import { defineReader, type Reading, Reject } from '../reader.ts';
import { Asked } from './parts/asked.ts';
import { certificate, commonName, fingerprintOf, namesOf, wholeFingerprint } from './parts/certificate.ts';
import { answer, askedName, Records, recordType, resolverPort, responseCode } from './parts/dns.ts';
import { address, moment, name as nameOf, object, port, type Row, row, share } from './parts/fields.ts';
import { isoTime } from './parts/time.ts';

const noQuestion = new Reject('neither a question nor an answer');

/** What is remembered of a question: in version 1 each record of the answer comes in a line of its own. */
interface Question {
  name: string;
  type: string;
}

/**
 * DNS in Suricata's EVE log, in the layouts of versions 1 (before 5.0: a line a record), 2 (a line an answer) and 3 (8.0: `queries`,
 * `request` and `response`), and the certificates of its TLS events. Other events of the log are passed over.
 */
export const suricataDns = defineReader({
  name: 'suricata-dns',
  summary: "DNS and TLS in Suricata's EVE log",

  sniff: (lines) =>
    lines.some((line) => isOurs(line))
      ? share(lines, (line) => line.includes('"event_type"') && line.includes('"timestamp"'))
      : 0,

  start() {
    const asked = new Asked<Question>();
    return (line) => {
      const fields = row(line);
      if (fields.event_type === 'tls') return shown(fields, object(fields.tls));
      return fields.event_type === 'dns' ? told(fields, object(fields.dns), asked) : null;
    };
  },
});

const isOurs = (line: string): boolean => /"event_type": ?"(?:dns|tls)"/.test(line);

/** Which certificate a server showed; nothing where none was seen (TLS 1.3, a session that goes on). */
function shown(fields: Row, tls: Row): Reading | null {
  const fingerprint = fingerprintIn(tls);
  if (fingerprint === null) return null;
  const name = typeof tls.sni === 'string' ? normalName(tls.sni) : null;
  // From 8.0 on all its names are told, before that the subject alone.
  const listed: unknown[] = Array.isArray(tls.subjectaltname) ? tls.subjectaltname : [];
  const names = namesOf(listed.length > 0 ? listed : [commonName(tls.subject)]);
  return certificate(
    {
      time: moment(isoTime(nameOf(fields.timestamp, 40))),
      session: typeof fields.flow_id === 'number' ? String(fields.flow_id) : '',
      src: { ip: address(fields.src_ip), port: port(fields.src_port ?? 0) },
      dst: { ip: address(fields.dest_ip), port: port(fields.dest_port ?? 0) },
    },
    {
      fingerprint,
      ...(name !== null && { name }),
      ...(names.length > 0 && { names }),
    },
  );
}

/**
 * The SHA-256 of the server's own certificate, as Zeek has it, where the log holds that whole (`certificate`, or the first of `chain`); else its SHA-1, as told. Null where there is neither.
 */
function fingerprintIn({ fingerprint, certificate: whole, chain }: Row): string | null {
  const told = fingerprint === undefined ? null : fingerprintOf(fingerprint);
  // A longer one is no SHA-1.
  if (told !== null && told.length !== 40) return told;
  const list: unknown[] = Array.isArray(chain) ? chain : [];
  return wholeFingerprint(whole ?? list[0], told) ?? told;
}

function told(fields: Row, dns: Row, asked: Asked<Question>): Reading {
  const question = Array.isArray(dns.queries) ? object(dns.queries[0]) : dns;
  const key = `${String(fields.flow_id)} ${String(dns.id)}`;
  const head = {
    time: moment(isoTime(nameOf(fields.timestamp, 40))),
    session: typeof fields.flow_id === 'number' ? String(fields.flow_id) : '',
    transport: fields.proto === 'TCP' ? ('tcp' as const) : ('udp' as const),
    ...ends(fields),
  };
  switch (dns.type) {
    case 'query':
    case 'request': {
      const name = askedName(question.rrname);
      const type = recordType(question.rrtype);
      asked.add(key, { name, type });
      return answer(head, { name, type });
    }
    case 'answer':
    case 'response': {
      const before = asked.get(key);
      // Version 1 names the record's owner where the others name the question.
      const old = dns.version === undefined && dns.queries === undefined && dns.answers === undefined;
      const name = old && before ? before.name : askedName(question.rrname);
      const type = old && before ? before.type : recordType(question.rrtype);
      const records = new Records(name);
      for (const one of old ? oneRecord(dns) : recordsOf(dns)) records.add(one);
      const rcode = responseCode(dns.rcode);
      return answer(head, {
        name,
        type,
        records,
        ...(rcode !== undefined && { rcode }),
        ...(before && { count: 0 }),
      });
    }
    default:
      throw noQuestion;
  }
}

/** The side with the resolver's port is the resolver, whichever of the packets was logged. */
function ends(fields: Row) {
  const one = { ip: address(fields.src_ip), port: port(fields.src_port ?? 0) };
  const other = { ip: address(fields.dest_ip), port: port(fields.dest_port ?? 0) };
  return one.port === resolverPort && other.port !== resolverPort
    ? { src: other, dst: one }
    : { src: one, dst: other };
}

type Given = Parameters<Records['add']>[0];

const oneRecord = (dns: Row): Given[] => (typeof dns.rdata === 'string' ? [recordOf(dns)] : []);

function recordsOf(dns: Row): Given[] {
  if (Array.isArray(dns.answers)) return dns.answers.map((one: unknown) => recordOf(object(one)));
  if (dns.grouped === undefined) return [];
  // By type, without owners: aliases first, in the order of their chain.
  const groups = Object.entries(object(dns.grouped)).sort(
    ([a], [b]) => Number(b === 'CNAME') - Number(a === 'CNAME'),
  );
  return groups.flatMap(([type, list]) =>
    (Array.isArray(list) ? list : []).map((data: unknown) => ({
      type: recordType(type),
      data: dataOf({ rdata: data }),
    })),
  );
}

const recordOf = (one: Row): Given => ({
  owner: one.rrname,
  type: recordType(one.rrtype),
  data: dataOf(one),
  ttl: one.ttl,
});

/** Some types have an object of their own in place of the text. */
function dataOf({ rdata, srv, soa }: Row): string {
  if (typeof rdata === 'string') return rdata;
  const parts = (rdata ?? srv ?? soa) as Row | null | undefined;
  const name = typeof parts === 'object' ? (parts?.name ?? parts?.mname) : undefined;
  return typeof name === 'string' ? name : '';
}
