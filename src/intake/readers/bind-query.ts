import { defineReader, Reject } from '../reader.ts';
import { Asked } from './parts/asked.ts';
import { answer, askedName, recordType, responseCode } from './parts/dns.ts';
import { address, moment, port, share } from './parts/fields.ts';
import { syslogLine } from './parts/syslog.ts';
import { bindTime, isoTime } from './parts/time.ts';

const noTime = new Reject('no time: have BIND write it (print-time), or log to syslog');
const lineLimit = 4_096;

/**
 * `query:` and all before it of a line, as `ns/query.c` (`log_query`) writes them. Names are in presentation format, so that none
 * holds a blank; `(name)` is the client's text as well. `response:` (9.20, category `responses`) has the response code behind the
 * type, and may have counts of records behind that.
 */
const query =
  /\bclient (?:@0x[0-9a-f]+ )?([0-9a-fA-F.:]+)(?:%\S+)?#(\d{1,5})(?:\/key \S+)? \(\S*\): (?:view \S+: )?(?:query: (\S+) (\S+) (\S+)|response: (\S+) (\S+) (\S+) ([A-Z][A-Z0-9]{1,15})(?: \d{1,5}){0,4}) [+-](\S*)(?: \(([0-9a-fA-F.:]+)(?:%\S+)?\))?/;

/**
 * BIND's query log and its log of responses, in one file or each in one of its own, by syslog as well: questions and how they ended,
 * without what was answered. Other messages are passed over.
 */
export const bindQuery = defineReader({
  name: 'bind-query',
  summary: "BIND's query log, and its log of responses",

  sniff: (lines) => share(lines, (line) => line.length <= lineLimit && query.test(line)),

  start({ now }) {
    const questions = new Asked();
    return (line) => {
      const found = line.length <= lineLimit ? query.exec(line) : null;
      if (found === null) return null;
      const [, ip, from, asked, wide, type, answered, wideAnswered, typeAnswered, rcode, flags = '', to] =
        found;
      if ((wide ?? wideAnswered) !== 'IN') return null;
      const body = { name: askedName(asked ?? answered), type: recordType(type ?? typeAnswered) };
      const head = {
        time: timeOf(line, now()),
        transport: flags.includes('T') ? ('tcp' as const) : ('udp' as const),
        src: { ip: address(ip), port: port(from) },
        ...(to !== undefined && { dst: { ip: address(to), port: 53 } }),
      };
      const key = `${head.src.ip} ${from} ${body.name} ${body.type}`;
      if (rcode === undefined) {
        questions.add(key, true);
        return answer(head, body);
      }
      const ended = responseCode(rcode);
      return answer(head, {
        ...body,
        ...(ended !== undefined && { rcode: ended }),
        ...(questions.get(key) && { count: 0 }),
      });
    };
  },
});

/** The three ways of `print-time`, else syslog's prefix. */
function timeOf(line: string, now: number): number {
  const local = bindTime(line.slice(0, 24));
  if (local >= 0) return local;
  const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z?(?= )/.exec(line)?.[0];
  if (iso !== undefined) return moment(isoTime(iso));
  const prefix = syslogLine(line, now);
  if (prefix === null) throw noTime;
  return moment(prefix.time);
}
