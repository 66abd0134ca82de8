import { defineReader, type Reading, Reject } from '../reader.ts';
import { address, moment, name, row, share, text } from './parts/fields.ts';
import { isoTime } from './parts/time.ts';

const notKnown = new Reject('a message that the decoy does not write');

/** T-Pot's decoy of Cisco ASA listens for HTTPS here; its log does not name the port. */
const asaPort = 8_443;

/** `"GET / HTTP/1.1" 200 -`: Python's `log_request`, in either kind of quotes, escaped or not. */
const said = /^\\?(["'])(.*?)\\?\1?,? (\d{3}) (\d+|-)$/s;
const requestLine = /^([A-Z][A-Z_-]{1,31}) (\S.*?)(?: HTTP\/\d(?:\.\d)?)?$/s;
/** The server's own troubles; `code 400` comes before a line that has the request itself. */
const ownWords = /^(?:Request timed out: |\\?"?code \d{3}, message )/;

/**
 * T-Pot's log of the Cisco ASA decoy: requests as Python's web server logs them. Headers are not in it, so that
 * no request here is told from what a victim's browser may have sent.
 */
export const ciscoAsa = defineReader({
  name: 'cisco-asa',
  summary: "T-Pot's log of the Cisco ASA decoy",

  sniff: (lines) => share(lines, (line) => line.includes('"payload_printable"')),

  start() {
    return (line) => {
      const fields = row(line);
      const time = moment(isoTime(name(fields.timestamp, 40)));
      const ip = address(fields.src_ip);
      const message = text(fields.payload_printable, 131_072);
      if (ownWords.test(message)) return null;
      const parts = said.exec(message);
      if (parts === null) throw notKnown;
      const [, , request = '', status = '', size = ''] = parts;
      const [, method = '', target = request] = requestLine.exec(request) ?? [];
      const reading: Reading = {
        time,
        session: `${ip}-${time.toString(36)}`,
        protocol: 'https',
        transport: 'tcp',
        src: { ip, port: 0 },
        dst: { ip: '0.0.0.0', port: asaPort },
        handshake: 'established',
        decoy: true,
        kind: 'access',
        method,
        target: target.slice(0, 65_536),
        status: Number(status),
        size: size === '-' ? 0 : Math.min(Number(size), Number.MAX_SAFE_INTEGER),
      };
      return reading;
    };
  },
});
