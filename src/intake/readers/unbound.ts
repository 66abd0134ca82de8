import { defineReader, Reject } from '../reader.ts';
import { Asked } from './parts/asked.ts';
import { answer, askedName, recordType, responseCode } from './parts/dns.ts';
import { address, moment, share } from './parts/fields.ts';
import { syslogLine } from './parts/syslog.ts';
import { isoTime, syslogTime } from './parts/time.ts';

const notUnbound = new Reject('not a line of Unbound');
const lineLimit = 4_096;

/** `[1700000000]`, `log-time-ascii` or `log-time-iso`, then `unbound[pid:thread]`, where Unbound writes a file of its own. */
const own =
  /^(?:\[(\d{9,11})(?:\.\d+)?\]|([A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d)|(\d{4}-\S{15,32})) unbound\[\d+:\w+\] (.*)$/s;
/** What `log-queries` and `log-replies` write after the level, or after its tag (`log-tag-queryreply`). */
const said =
  /^(?:info|query|reply): ([0-9a-fA-F.:]{2,45})(?:@\d+)? (\S+) (\S+) (\S+)(?: ([A-Z][A-Z0-9]*) \d+\.\d+ [01] \d+.*)?$/s;

/**
 * Unbound's `log-queries` and `log-replies`, by file or by syslog: names, who asked, and of replies how they ended, but not what
 * was answered. Names have `?` for what cannot be printed, and are then refused.
 */
export const unbound = defineReader({
  name: 'unbound',
  summary: "Unbound's log of queries and replies",

  sniff: (lines) => share(lines, (line) => line.length <= lineLimit && /\bunbound(?:\[\d|: \[)/.test(line)),

  start({ now }) {
    const asked = new Asked();
    return (line) => {
      const parts = line.length <= lineLimit ? split(line, now()) : null;
      if (parts === null) throw notUnbound;
      const found = said.exec(parts.message);
      if (found === null) return null;
      const [, ip, text, type, wide, ended] = found;
      if (wide !== 'IN') return null;
      const name = askedName(text);
      const src = { ip: address(ip), port: 0 };
      const body = { name, type: recordType(type) };
      const head = { time: moment(parts.time), src };
      const key = `${src.ip} ${body.type} ${name}`;
      if (ended === undefined) {
        asked.add(key, true);
        return answer(head, body);
      }
      const rcode = responseCode(ended);
      return answer(head, { ...body, ...(rcode && { rcode }), ...(asked.get(key) && { count: 0 }) });
    };
  },
});

function split(line: string, now: number): { time: number; message: string } | null {
  const found = own.exec(line);
  if (found) {
    const [, seconds, ascii, iso, message = ''] = found;
    const time =
      seconds !== undefined
        ? Number(seconds) * 1_000
        : ascii !== undefined
          ? syslogTime(ascii, now)
          : isoTime(iso ?? '');
    return { time, message };
  }
  const prefix = syslogLine(line, now);
  if (prefix?.program !== 'unbound') return null;
  return { time: prefix.time, message: prefix.message.replace(/^\[\d+:\w+\] /, '') };
}
