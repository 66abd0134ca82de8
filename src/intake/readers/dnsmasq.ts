import { canonicalIp } from '../../kit/ip.ts';
import { defineReader, type Reading, Reject } from '../reader.ts';
import { Asked } from './parts/asked.ts';
import { answer, askedName, notName, Records, recordType } from './parts/dns.ts';
import { address, moment, port, share } from './parts/fields.ts';
import { syslogLine } from './parts/syslog.ts';
import { syslogTime } from './parts/time.ts';

const notDnsmasq = new Reject('not a line of dnsmasq');
const lineLimit = 4_096;
/** Aliases of one chain: what resolvers themselves follow. */
const chainLimit = 16;

/** Its own log file has no host in it; Pi-hole's is such a file, also where FTL writes it. */
const own = /^([A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d) (?:dnsmasq(?:-\S+)?|pihole-FTL)\[(\d+)\]: (.*)$/s;
/** `log-queries=extra` puts a serial number and the client before each message. */
const extra = /^(\d+) ([0-9a-fA-F.:]+)\/(\d{1,5}) (.*)$/s;
const questionLine = /^query\[([^\]\s]+)\] (\S+) from (\S+)$/;
const replyLine = /^(?:reply|cached|cached-stale) (\S+) is (\S+)$/;
const ended = /^(NODATA|NXDOMAIN|SERVFAIL|REFUSED|NOTIMP)(?:-IPv[46])?$/;

interface Question {
  type: string;
  src: { ip: string; port: number };
}

/** Aliases that were told one after the other, of one question, and whose records came at their end. */
interface Chain {
  of: string;
  aliases: string[];
  end: string;
}

interface Head {
  time: number;
  /** Which question it belongs to, as well as the log tells. */
  of: string;
  serial: string;
}

/**
 * The query log of dnsmasq and of Pi-hole. It is told line by line: a question is one event, and each address that came for it is
 * another, with the chain of aliases that led there, and counts no question again. What the box itself decided (`config`,
 * blocked names, hosts files) is no answer of anybody's, and is passed over. Names are written as they came, blanks and all:
 * only those without are read, since others could spell a line within a line.
 */
export const dnsmasq = defineReader({
  name: 'dnsmasq',
  summary: 'The query log of dnsmasq and Pi-hole',

  sniff: (lines) =>
    share(
      lines,
      (line) => line.length <= lineLimit && /\b(?:dnsmasq|pihole-FTL)(?:-\S+)?\[\d+\]: /.test(line),
    ),

  start({ now }) {
    const asked = new Asked<Question>();
    let chain: Chain = { of: '', aliases: [], end: '' };

    /** A line of an answer: an alias, whose target the next line names, or what stands at the end of the chain. */
    function told(owner: string, data: string, head: Head): Reading | null {
      const { of } = head;
      const goes = chain.of === of && chain.aliases.length > 0;
      if (data === '<CNAME>') {
        const aliases = goes && chain.end === '' ? [...chain.aliases, owner] : [owner];
        chain = { of, aliases: aliases.slice(-chainLimit), end: '' };
        return null;
      }
      const ip = canonicalIp(data);
      const rcode = ended.exec(data)?.[1]?.replace('NODATA', 'NOERROR');
      if (ip === null && rcode === undefined) return null;
      const aliases = goes && (chain.end === '' || chain.end === owner) ? chain.aliases : [];
      chain = { of, aliases, end: owner };
      const name = aliases[0] ?? owner;
      const question = asked.get(head.serial ? of : `${of}${name}`);
      const records = new Records(name);
      for (const target of [...aliases.slice(1), ...(aliases.length > 0 ? [owner] : [])])
        records.add({ type: 'CNAME', data: target });
      const type = ip?.includes(':') ? 'AAAA' : 'A';
      if (ip !== null) records.add({ owner, type, data: ip });
      return answer(
        { time: head.time, ...(question && { src: question.src }) },
        { name, type: question?.type ?? type, records, rcode: rcode ?? 'NOERROR', count: 0 },
      );
    }

    return (line) => {
      const parts = line.length <= lineLimit ? split(line, now()) : null;
      if (parts === null) throw notDnsmasq;
      const more = extra.exec(parts.message);
      const serial = more?.[1] ?? '';
      const message = more?.[4] ?? parts.message;
      const of = `${parts.pid} ${serial} `;
      const time = moment(parts.time);

      const question = questionLine.exec(message);
      if (question) {
        const [, asks, text, from] = question;
        chain = { of: '', aliases: [], end: '' };
        const src = { ip: address(from), port: more ? port(more[3]) : 0 };
        const one = { name: askedName(text), type: recordType(asks) };
        asked.add(serial ? of : `${of}${one.name}`, { type: one.type, src });
        return answer({ time, src }, one);
      }
      const reply = replyLine.exec(message);
      if (reply)
        return reply[1] === 'error' ? null : told(askedName(reply[1]), reply[2] ?? '', { time, of, serial });
      if (message.startsWith('query[')) throw notName;
      return null;
    };
  },
});

function split(line: string, now: number): { time: number; pid: string; message: string } | null {
  const found = own.exec(line);
  if (found) return { time: syslogTime(found[1]!, now), pid: found[2]!, message: found[3]! };
  const prefix = syslogLine(line, now);
  return prefix && /^(?:dnsmasq(?:-\S+)?|pihole-FTL)$/.test(prefix.program) ? prefix : null;
}
