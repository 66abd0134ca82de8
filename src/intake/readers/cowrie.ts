import { Bounded } from '../../kit/bounded.ts';
import type { Body } from '../../model/event.ts';
import { defineReader, Reject } from '../reader.ts';
import { close, connect, skipped, table } from './parts/cowrie-bodies.ts';
import { address, moment, name, port, type Row, row, share, text } from './parts/fields.ts';
import { type Connection, reading } from './parts/reading.ts';
import { speaksWeb } from './parts/relayed.ts';
import { isoTime } from './parts/time.ts';

/** Sessions whose ends are remembered at a time: only connect tells ports and the protocol. The oldest leaves first. */
const sessionLimit = 100_000;

const unknownEvent = new Reject('an event id that Cowrie does not have');
const nowhere = { ip: '0.0.0.0', port: 0 };

/** Cowrie's JSON log (`core/eventids.py`): one event a line. */
export const cowrie = defineReader({
  name: 'cowrie',
  summary: "Cowrie's JSON log",
  sourceField: 'src_ip',

  sniff: (lines) => share(lines, (line) => line.includes('"eventid"') && line.includes('"cowrie.')),

  start() {
    const sessions = new Bounded<string, Connection>(sessionLimit);
    let lastId = '';
    let last: Connection | undefined;

    return (line) => {
      const fields = row(line);
      const eventid = name(fields.eventid, 64);
      const read = table.get(eventid);
      if (read === undefined) {
        if (skipped.has(eventid)) return null;
        throw unknownEvent;
      }
      const time = moment(isoTime(name(fields.timestamp, 40)));
      const id = name(fields.session, 64);
      const sensor = typeof fields.sensor === 'string' ? text(fields.sensor, 64) : undefined;

      let session = id === lastId ? last : sessions.peek(id);
      if (session === undefined || session.sensor !== sensor || read === connect) {
        session = open(fields, id, sensor, eventid);
        sessions.set(id, session);
      }
      last = session;
      lastId = id;

      const body = read(fields);
      if (read === close) {
        sessions.delete(id);
        lastId = '';
      } else if (session.protocol === 'telnet' && session.handshake === 'established' && relays(body)) {
        session.handshake = 'relayed';
      }
      return reading(session, time, body);
    };
  },
});

/**
 * Who talks to whom. Where connect was not seen, a line's own `src_ip` stands, which Cowrie stamps itself on each line. A
 * forwarding's ports and destination are the attacker's words: without its connect it proves nothing of the source.
 */
function open(fields: Row, id: string, sensor: string | undefined, eventid: string): Connection {
  const forwarding = eventid.startsWith('cowrie.direct-tcpip.');
  return {
    session: id,
    sensor,
    transport: 'tcp',
    decoy: true,
    protocol: fields.protocol === 'telnet' ? 'telnet' : 'ssh',
    src: {
      ip: address(fields.src_ip),
      port: forwarding || fields.src_port === undefined ? 0 : port(fields.src_port),
    },
    dst:
      forwarding || fields.dst_ip === undefined
        ? nowhere
        : { ip: address(fields.dst_ip), port: port(fields.dst_port) },
    handshake: forwarding ? 'none' : 'established',
  };
}

/** What a browser sends to a telnet port is not the words of whoever owns the address. SSH needs its key exchange first. */
function relays(body: Body): boolean {
  if (body.kind === 'login') return speaksWeb(body.user) || speaksWeb(body.secret);
  return body.kind === 'command' && speaksWeb(body.input);
}
