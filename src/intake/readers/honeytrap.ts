import { createHash } from 'node:crypto';
import type { Body, Handshake } from '../../model/event.ts';
import { defineReader, type Reading, Reject } from '../reader.ts';
import { address, count, moment, name, object, port, row, share } from './parts/fields.ts';
import { httpRequest } from './parts/http-request.ts';
import { type Connection, reading } from './parts/reading.ts';
import { speaksWeb } from './parts/relayed.ts';
import { isoTime } from './parts/time.ts';

const badHex = new Reject('a payload is not hexadecimal');
/** Bytes of a payload that are kept: as many as `raw` may have. */
const payloadLimit = 65_536;

/** Honeytrap's attack log: one connection to any port a line, with the first payload in hexadecimal. */
export const honeytrap = defineReader({
  name: 'honeytrap',
  summary: "Honeytrap's attack log in JSON",

  sniff: (lines) =>
    share(lines, (line) => line.includes('"attack_connection"') && line.includes('"operation_mode"')),

  start() {
    return (line) => {
      const fields = row(line);
      const attack = object(fields.attack_connection);
      const payload = object(attack.payload);
      const time = moment(isoTime(name(fields.start_time, 40)));
      const end = moment(isoTime(name(fields.end_time, 40)));
      const hex = payload.data_hex ?? '';
      if (typeof hex !== 'string' || hex.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(hex)) throw badHex;
      const bytes = Buffer.from(hex, 'hex');
      const words = bytes.toString('latin1', 0, payloadLimit);

      const transport = attack.protocol === 'udp' ? 'udp' : 'tcp';
      const body = act(words, bytes, count(payload.length));
      const src = { ip: address(attack.remote_ip), port: port(attack.remote_port) };
      // A browser can be made to greet any port by TLS; HTTP is judged by its headers, as evidence does.
      const handshake: Handshake =
        transport === 'udp'
          ? 'none'
          : body?.kind !== 'request' && speaksWeb(words)
            ? 'relayed'
            : 'established';
      const head: Connection = {
        session: `${src.ip}:${src.port}-${time.toString(36)}`,
        protocol: protocolOf(words, body),
        transport,
        src,
        dst: { ip: address(attack.local_ip), port: port(attack.local_port) },
        handshake,
        decoy: true,
      };
      const readings: Reading[] = [reading(head, time, { kind: 'connect' })];
      if (body !== null) readings.push(reading(head, time, body));
      const durationMs = Math.max(0, end - time);
      readings.push(reading(head, time + durationMs, { kind: 'close', durationMs }));
      return readings;
    };
  },
});

function act(words: string, bytes: Buffer, size: number): Body | null {
  if (bytes.length === 0) return null;
  const request = httpRequest(words);
  if (request !== null) return { ...request, raw: words };
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { kind: 'data', size: Math.max(size, bytes.length), sha256, raw: words };
}

/** What was spoken, by its first bytes: Honeytrap itself does not know. */
function protocolOf(words: string, body: Body | null): string {
  if (body?.kind === 'request') return 'http';
  if (words.startsWith('\x16\x03')) return 'tls';
  if (words.startsWith('SSH-')) return 'ssh';
  // TPKT (RFC 1006 §6) before an X.224 connection request: remote desktop.
  if (words.startsWith('\x03\x00\x00') && words.charCodeAt(5) === 0xe0) return 'rdp';
  return 'unknown';
}
