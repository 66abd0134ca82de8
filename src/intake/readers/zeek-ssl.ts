import { normalName } from '../../kit/domain-name.ts';
import { defineReader, type Reading, Reject } from '../reader.ts';
import { certificate, commonName, fingerprintOf } from './parts/certificate.ts';
import { nowhere } from './parts/dns.ts';
import { address, port, type Row, share } from './parts/fields.ts';
import { isDirective, zeekConnection, zeekFlag, zeekRows, zeekTime } from './parts/zeek-rows.ts';

const byFile = new Reject('certificates are told by their files alone, without fingerprints (older Zeek)');

const wanted = [
  ...zeekConnection,
  'server_name',
  'established',
  'cert_chain_fps',
  'cert_chain_fuids',
  'sni_matches_cert',
  'subject',
] as const;

/**
 * Zeek's ssl.log (`base/protocols/ssl/main.zeek`), as TSV or as JSON: which certificate a server showed, and which name had been asked
 * for. A line without a certificate (TLS 1.3, a session that goes on) and a handshake that was broken off are passed over.
 */
export const zeekSsl = defineReader({
  name: 'zeek-ssl',
  summary: "Zeek's ssl.log, TSV or JSON: which certificate a server showed",

  sniff: (lines) =>
    lines.includes('#path\tssl')
      ? 1
      : share(
          lines,
          (line) =>
            line.startsWith('{') &&
            line.includes('"id.resp_h"') &&
            line.includes('"resumed"') &&
            line.includes('"established"'),
        ),
  preamble: isDirective,

  start() {
    const rows = zeekRows(wanted, ['cert_chain_fps', 'cert_chain_fuids']);
    return (line) => {
      const fields = rows(line);
      return fields === null ? null : told(fields);
    };
  },
});

function told(fields: Row): Reading | null {
  if (zeekFlag(fields.established) === false) return null;
  const chain: unknown[] = Array.isArray(fields.cert_chain_fps) ? fields.cert_chain_fps : [];
  if (chain.length === 0) {
    if (Array.isArray(fields.cert_chain_fuids) && fields.cert_chain_fuids.length > 0) throw byFile;
    return null;
  }
  const name = typeof fields.server_name === 'string' ? normalName(fields.server_name) : null;
  const matches = zeekFlag(fields.sni_matches_cert);
  const common = commonName(fields.subject);
  return certificate(
    {
      time: zeekTime(fields.ts),
      session: typeof fields.uid === 'string' ? fields.uid.slice(0, 64) : '',
      src: end(fields['id.orig_h'], fields['id.orig_p']),
      dst: end(fields['id.resp_h'], fields['id.resp_p']),
    },
    {
      // The server's own is the first one (RFC 5246 §7.4.2).
      fingerprint: fingerprintOf(chain[0]),
      ...(name !== null && { name, ...(matches !== undefined && { matches }) }),
      ...(common !== null && { names: [common] }),
    },
  );
}

const end = (ip: unknown, at: unknown) =>
  ip === undefined ? nowhere : { ip: address(ip), port: at === undefined ? 0 : port(at) };
