import { defineReader, type Reading, Reject } from '../reader.ts';
import { certificate, commonName, fingerprintOf, namesOf } from './parts/certificate.ts';
import { type Row, share } from './parts/fields.ts';
import { isDirective, zeekFlag, zeekRows, zeekTime } from './parts/zeek-rows.ts';

const byFile = new Reject('the certificate is told by its file alone, without a fingerprint (older Zeek)');

const wanted = ['ts', 'id', 'fingerprint', 'certificate.subject', 'san.dns', 'basic_constraints.ca'] as const;

/**
 * Zeek's x509.log (`base/files/x509/main.zeek`), as TSV or as JSON: the names that certificates were made for, which ssl.log does not
 * have. Those of authorities, and those without a name, are passed over.
 */
export const zeekX509 = defineReader({
  name: 'zeek-x509',
  summary: "Zeek's x509.log, TSV or JSON: the names that certificates were made for",

  sniff: (lines) =>
    lines.includes('#path\tx509')
      ? 1
      : share(lines, (line) => line.startsWith('{') && line.includes('"certificate.serial"')),
  preamble: isDirective,

  start() {
    const rows = zeekRows(wanted, ['san.dns']);
    return (line) => {
      const fields = rows(line);
      return fields === null ? null : told(fields);
    };
  },
});

function told(fields: Row): Reading | null {
  if (fields.fingerprint === undefined && fields.id !== undefined) throw byFile;
  const fingerprint = fingerprintOf(fields.fingerprint);
  if (zeekFlag(fields['basic_constraints.ca']) === true) return null;
  const listed: unknown[] = Array.isArray(fields['san.dns']) ? fields['san.dns'] : [];
  // Where there are names of their own, the subject's is none (RFC 9525 §6.3).
  const names = listed.length > 0 ? namesOf(listed) : namesOf([commonName(fields['certificate.subject'])]);
  if (names.length === 0) return null;
  return certificate({ time: zeekTime(fields.ts) }, { fingerprint, names });
}
