import { expect, it } from 'vitest';
import { examples } from './examples.ts';
import { readLines } from './parts/read-lines.ts';
import { zeekX509 } from './zeek-x509.ts';

it('tells the names of certificates, and passes over authorities and those without one', () => {
  const { certificates, refused } = readLines(zeekX509, examples['zeek-x509']!);
  expect(refused).toEqual([]);
  expect(certificates.map(({ fingerprint, names }) => [fingerprint.slice(0, 2), names])).toEqual([
    ['a1', ['www.example', '*.shop.example']],
    ['c3', ['old.example']],
  ]);
  expect(certificates[0]).toMatchObject({ dst: { ip: '0.0.0.0', port: 0 }, src: { ip: '0.0.0.0', port: 0 } });
});

it('goes by the names of its own before the subject, keeps 256 of them, and needs a fingerprint', () => {
  const json = (fields: object) => JSON.stringify({ ts: 1, fingerprint: 'aa'.repeat(32), ...fields });
  const { certificates, refused, silent } = readLines(zeekX509, [
    json({
      'certificate.subject': 'CN=other.example',
      'san.dns': Array.from({ length: 300 }, (_, n) => `n${n}.example`),
    }),
    json({ 'san.dns': ['192.0.2.1', 'two words', ''], 'certificate.subject': 'CN=other.example' }),
    json({ 'certificate.subject': 'CN=Some Printer,O=Some' }),
    json({ fingerprint: undefined, id: 'Fx1' }),
  ]);
  expect(certificates.map(({ names }) => names!.length)).toEqual([256]);
  expect(silent).toBe(2);
  expect(refused).toEqual(['the certificate is told by its file alone, without a fingerprint (older Zeek)']);
});
