import { canonicalIp } from '../../kit/ip.ts';
import { defineReader, type Reading, Reject } from '../reader.ts';
import { moment, share } from './parts/fields.ts';
import { speaksWeb } from './parts/relayed.ts';
import { clfTime } from './parts/time.ts';
import { unescapeLog } from './parts/unescape-log.ts';

const lineLimit = 131_072;
const tooLong = new Reject('longer than a line of an access log');
const notCombined = new Reject('not a line of the common or combined log format');
const notAddress = new Reject('the peer is a name, not an address');

/**
 * `"request" status bytes`, then, in the combined format, `"referer" "agent"`; further fields may follow. Within quotes a
 * quote is always escaped, by nginx as \x22 and by Apache as \".
 */
const tail =
  /^([^"\\]*(?:\\.[^"\\]*)*)" (\d{3}) (\d{1,15}|-)(?: "([^"\\]*(?:\\.[^"\\]*)*)" "([^"\\]*(?:\\.[^"\\]*)*)")?(?: .*)?$/s;
const requestLine = /^([A-Za-z][A-Za-z_-]{0,31}) (\S.*?)(?: HTTP\/\d(?:\.\d)?)?$/s;
const shape =
  /^(?:[^\s"]+ )?[0-9a-fA-F.:]{3,45} \S+ [^"]*\[\d\d\/[A-Z][a-z]{2}\/\d{4}:[\d:]{8} [+-]\d{4}\] "/;

/**
 * The access log of nginx and Apache in the common, combined or vhost_combined format. Only the peer's address counts:
 * forwarding headers, where somebody logs them after the agent, are the client's own words.
 */
export const combined = defineReader({
  name: 'combined',
  summary: 'Access log of nginx or Apache (common, combined, vhost_combined)',

  sniff: (lines) => share(lines, (line) => shape.test(line)),

  start() {
    return (line) => {
      if (line.length > lineLimit) throw tooLong;
      // A user name may hold blanks and brackets, but no bare quote: this is where the request begins.
      const quote = line.indexOf('] "');
      if (quote < 0) throw notCombined;
      const bracket = line.lastIndexOf('[', quote);
      const fields = tail.exec(line.slice(quote + 3));
      if (bracket < 0 || fields === null) throw notCombined;
      const time = moment(clfTime(line.slice(bracket + 1, quote)));

      const who = line.slice(0, bracket).split(' ');
      let ip = canonicalIp(who[0] ?? '');
      let at = 1;
      let port = 80;
      if (ip === null) {
        // vhost_combined puts the site's name first, often with its port; then comes the peer.
        ip = canonicalIp(who[1] ?? '');
        const [, own] = /:(\d{1,5})$/.exec(who[0] ?? '') ?? [];
        if (ip === null) throw notAddress;
        if (own !== undefined && Number(own) <= 65_535) port = Number(own);
        at = 2;
      }
      const user = who.slice(at + 1, -1).join(' ');

      const [, said = '', status = '', size = '', referer, agent] = fields;
      const request = unescapeLog(said);
      const [, method = '', target = request] = requestLine.exec(request) ?? [];
      const reading: Reading & { kind: 'access' } = {
        time,
        session: `${ip}-${(time / 1_000).toString(36)}`,
        protocol: 'http',
        transport: 'tcp',
        src: { ip, port: 0 },
        dst: { ip: '0.0.0.0', port },
        // Where no method could be read, it may be a browser that was sent to the wrong port.
        handshake: method === '' && speaksWeb(request) ? 'relayed' : 'established',
        decoy: false,
        kind: 'access',
        method,
        target: target.slice(0, 65_536),
        status: Number(status),
        size: size === '-' ? 0 : Number(size),
      };
      if (agent !== undefined) reading.agent = agent === '-' ? '' : unescapeLog(agent).slice(0, 8_192);
      if (referer !== undefined && referer !== '-') reading.referer = unescapeLog(referer).slice(0, 8_192);
      if (user !== '-' && user !== '') reading.detail = { user: unescapeLog(user).slice(0, 4_096) };
      return reading;
    };
  },
});
