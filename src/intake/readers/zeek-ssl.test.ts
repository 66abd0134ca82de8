import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { detectFormat } from '../detect-format.ts';
import { examples } from './examples.ts';
import { readLines } from './parts/read-lines.ts';
import { zeekSsl } from './zeek-ssl.ts';

it('tells which certificate a server showed for which name, and passes over what has none or was broken off', () => {
  const { certificates, refused, silent } = readLines(zeekSsl, examples['zeek-ssl']!);
  expect(refused).toEqual([]);
  expect(silent).toBe(6 + 2);
  expect(certificates).toHaveLength(2);
  expect(certificates[0]).toMatchObject({
    ...{ time: 1_750_000_000_200, session: 'Cs1', protocol: 'tls', transport: 'tcp' },
    ...{ src: { ip: '198.51.100.7', port: 41_776 }, dst: { ip: '192.0.2.10', port: 443 } },
    ...{ handshake: 'none', decoy: false },
    ...{ name: 'www.example', matches: true, fingerprint: 'a1'.repeat(32) },
  });
  expect(certificates[1]).toMatchObject({ name: 'www.example', matches: false, dst: { ip: '2001:db8::10' } });
});

it('takes no name that is none, and says why it can make nothing of older logs', () => {
  const json = (fields: object) =>
    JSON.stringify({ ts: 1_750_000_000, 'id.resp_h': '192.0.2.10', established: true, ...fields });
  const { certificates, refused } = readLines(zeekSsl, [
    json({ server_name: '192.0.2.10', sni_matches_cert: true, cert_chain_fps: ['AA'.repeat(20)] }),
    json({ subject: 'CN=*.old.example,O=Old\\, Inc.', cert_chain_fps: ['aa'.repeat(20)] }),
    json({ subject: 'CN=My Router', cert_chain_fps: ['aa'.repeat(20)] }),
    json({ cert_chain_fuids: ['Fx1'] }),
    json({ cert_chain_fps: ['nonsense'] }),
  ]);
  expect(certificates.map(({ name, matches, names }) => ({ name, matches, names }))).toEqual([
    {},
    { names: ['*.old.example'] },
    {},
  ]);
  expect(certificates[0]!.fingerprint).toBe('aa'.repeat(20));
  expect(refused).toEqual([
    'certificates are told by their files alone, without fingerprints (older Zeek)',
    'the fingerprint is neither SHA-1 nor SHA-256',
  ]);
});

const real = join(process.env.CALTROP_TEST_DATA ?? '../shared/data', 'zed-sample/ssl.log.gz');
it.skipIf(!existsSync(real))(
  'a real log of 10,000 rows (skipped without CALTROP_TEST_DATA or ../shared/data)',
  () => {
    const lines = gunzipSync(readFileSync(real)).toString('latin1').trimEnd().split('\n');
    expect(detectFormat(lines)?.name).toBe('zeek-ssl');
    const { certificates, refused, silent } = readLines(zeekSsl, lines);
    expect(refused).toEqual([]);
    expect(certificates.length + silent).toBe(lines.length);
    expect(certificates).toHaveLength(1_696);
    const named = certificates.filter(({ name }) => name !== undefined);
    expect([named.length, named.filter(({ matches }) => matches).length]).toEqual([322, 322]);
  },
);
