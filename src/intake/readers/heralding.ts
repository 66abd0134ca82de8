import { defineReader, type Reading, Reject } from '../reader.ts';
import { address, count, moment, name, object, port, row, share, text } from './parts/fields.ts';
import { type Connection, reading } from './parts/reading.ts';
import { speaksWeb } from './parts/relayed.ts';
import { isoTime } from './parts/time.ts';

const attemptLimit = 1_000;
const tooMany = new Reject('more logins in one session than the limit of 1000');
const badList = new Reject('a list is missing or has the wrong type');

/** Heralding's session log: one session a line, with its tries. Its clock is UTC, its trap lets nobody in. */
export const heralding = defineReader({
  name: 'heralding',
  summary: "Heralding's session log in JSON",

  sniff: (lines) =>
    share(lines, (line) => line.includes('"num_auth_attempts"') && line.includes('"auth_attempts"')),

  start() {
    return (line) => {
      const fields = row(line);
      const time = moment(isoTime(name(fields.timestamp, 40)));
      const attempts = fields.auth_attempts;
      if (!Array.isArray(attempts)) throw badList;
      if (attempts.length > attemptLimit) throw tooMany;
      const tries = attempts.map((attempt) => {
        const one = object(attempt);
        return {
          time: one.timestamp === undefined ? time : moment(isoTime(name(one.timestamp, 40))),
          user: text(one.username, 4_096),
          secret: text(one.password, 4_096),
        };
      });
      const durationMs = count(fields.duration) * 1_000;
      const head: Connection = {
        session: name(fields.session_id, 64),
        protocol: name(fields.protocol, 32),
        transport: 'tcp',
        src: { ip: address(fields.source_ip), port: port(fields.source_port) },
        dst: { ip: address(fields.destination_ip), port: port(fields.destination_port) },
        handshake: tries.some(({ user, secret }) => speaksWeb(user) || speaksWeb(secret))
          ? 'relayed'
          : 'established',
        decoy: true,
      };
      const readings: Reading[] = [reading(head, time, { kind: 'connect' })];
      for (const { time: at, user, secret } of tries)
        readings.push(reading(head, at, { kind: 'login', user, secret, ok: false }));
      if (fields.session_ended === true)
        readings.push(reading(head, time + durationMs, { kind: 'close', durationMs }));
      return readings;
    };
  },
});
