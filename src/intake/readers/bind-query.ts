import { defineReader, Reject } from '../reader.ts';
import { answer, askedName, recordType } from './parts/dns.ts';
import { address, moment, port, share } from './parts/fields.ts';
import { syslogLine } from './parts/syslog.ts';
import { bindTime, isoTime } from './parts/time.ts';

const noTime = new Reject('no time: have BIND write it (print-time), or log to syslog');
const lineLimit = 4_096;

/**
 * `query:` and all before it of a line, as `ns/query.c` (`log_query`) writes them. Names are in presentation format, so that none
 * holds a blank; `(name)` is the client's text as well.
 */
const query =
  /\bclient (?:@0x[0-9a-f]+ )?([0-9a-fA-F.:]+)(?:%\S+)?#(\d{1,5})(?:\/key \S+)? \(\S*\): (?:view \S+: )?query: (\S+) (\S+) (\S+) [+-](\S*)(?: \(([0-9a-fA-F.:]+)(?:%\S+)?\))?/;

/** BIND's query log, by file or by syslog: questions alone, without answers. Other messages are passed over. */
export const bindQuery = defineReader({
  name: 'bind-query',
  summary: "BIND's query log",

  sniff: (lines) => share(lines, (line) => line.length <= lineLimit && query.test(line)),

  start:
    ({ now }) =>
    (line) => {
      const found = line.length <= lineLimit ? query.exec(line) : null;
      if (found === null) return null;
      const [, ip, from, asked, wide, type, flags = '', to] = found;
      if (wide !== 'IN') return null;
      return answer(
        {
          time: timeOf(line, now()),
          transport: flags.includes('T') ? 'tcp' : 'udp',
          src: { ip: address(ip), port: port(from) },
          ...(to !== undefined && { dst: { ip: address(to), port: 53 } }),
        },
        { name: askedName(asked), type: recordType(type) },
      );
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
