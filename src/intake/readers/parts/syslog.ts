import { isoTime, syslogTime } from './time.ts';

/** A line of syslog in its parts; `message` is the only one that attackers write in. */
export interface SyslogLine {
  /** Milliseconds since the epoch, NaN where it cannot be read. */
  time: number;
  host: string;
  program: string;
  pid: string;
  message: string;
}

const rest = /^(\S{1,255}) ([^\s:[\]]{1,64})(?:\[(\d{1,10})\])?: ?(.*)$/s;
const traditional = /^(?:<\d{1,3}>)?([A-Z][a-z]{2} {1,2}\d{1,2} (?:\d{4} )?\d\d:\d\d:\d\d)(?:\.\d{1,9})? /;
const iso = /^(?:<\d{1,3}>)?(\d{4}-\d\d-\d\dT\S{8,28}) /;
const rfc5424 =
  /^<\d{1,3}>1 (\S{19,35}) (\S{1,255}) (\S{1,48}) (\S{1,128}) \S{1,32} (?:-|(?:\[(?:[^\]\\"]|"(?:[^"\\]|\\.)*")*\])+) ?(?:\ufeff)?(.*)$/s;

/**
 * The prefix that logging daemons put before a message: RFC 3164 §4.1 (also with a year, or with decimals as `journalctl -o
 * short-precise` writes), an ISO time in its place (rsyslog's file format, `-o short-iso`), or RFC 5424 §6. Null where
 * the line has none. `now` is what a missing year is read against.
 */
export function syslogLine(line: string, now: number): SyslogLine | null {
  const modern = rfc5424.exec(line);
  if (modern) {
    const [, time = '', host = '', program = '', pid = '', message = ''] = modern;
    return { time: isoTime(time), host, program, pid: pid === '-' ? '' : pid, message };
  }
  const dated = traditional.exec(line);
  const head = dated ?? iso.exec(line);
  if (!head) return null;
  const parts = rest.exec(line.slice(head[0].length));
  if (!parts) return null;
  const [, host = '', program = '', pid = '', message = ''] = parts;
  return { time: dated ? syslogTime(head[1]!, now) : isoTime(head[1]!), host, program, pid, message };
}
