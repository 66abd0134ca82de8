import { defineReader, type Reading, Reject } from '../reader.ts';
import { address, count, moment, name, port, row, share } from './parts/fields.ts';
import { type Connection, reading } from './parts/reading.ts';
import { isoTime } from './parts/time.ts';

/** Logins that one row may stand for. */
const loginLimit = 1_000;
const tooMany = new Reject('more logins in one session than the limit of 1000');

/**
 * Summaries of Cowrie's sessions, one row a connection, without names or commands. A row becomes what it stands for: a
 * connect, its failed logins, its good ones (all at the start: their own times are not told), and a close.
 */
export const cowrieSessions = defineReader({
  name: 'cowrie-sessions',
  summary: "Summaries of Cowrie's sessions, one row a connection",

  sniff: (lines) => share(lines, (line) => line.includes('"session_id"') && line.includes('"login_failed"')),

  start() {
    return (line) => {
      const fields = row(line);
      const time = moment(isoTime(name(fields.start_time, 40)));
      const end = moment(isoTime(name(fields.end_time, 40)));
      const failed = count(fields.login_failed);
      const good = count(fields.login_success);
      if (failed + good > loginLimit) throw tooMany;
      const head: Connection = {
        session: name(fields.session_id, 64),
        protocol: fields.protocol === 'telnet' ? 'telnet' : 'ssh',
        transport: 'tcp',
        src: { ip: address(fields.src_ip), port: port(fields.src_port) },
        dst: { ip: '0.0.0.0', port: port(fields.dst_port) },
        handshake: 'established',
        decoy: true,
      };
      const login = (ok: boolean): Reading =>
        reading(head, time, { kind: 'login', user: '', secret: '', ok });
      const readings: Reading[] = [reading(head, time, { kind: 'connect' })];
      for (let i = 0; i < failed; i++) readings.push(login(false));
      for (let i = 0; i < good; i++) readings.push(login(true));
      const durationMs = Math.max(0, end - time);
      readings.push(reading(head, time + durationMs, { kind: 'close', durationMs }));
      return readings;
    };
  },
});
