import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { issueCertificate } from '../../kit/certificate.ts';
import { answersOf } from '../../model/answers.ts';
import { examples } from './examples.ts';
import { readLines } from './parts/read-lines.ts';
import { suricataDns } from './suricata-dns.ts';

it('reads the layouts of all versions, the client as the source of each', () => {
  const { events, refused } = readLines(suricataDns, examples['suricata-dns']!);
  expect(refused).toEqual([]);
  expect(events.map(({ src, dst }) => [src.ip, dst.port])).toEqual(Array(4).fill(['198.51.100.7', 53]));
  expect(events.map(({ count }) => count)).toEqual([undefined, 0, undefined, undefined]);
  expect(events[0]).toMatchObject({ name: 'www.example', type: 'A', answers: [] });
  expect(events[1]!.answers).toEqual([{ type: 'CNAME', data: 'web.example', ttl: 60 }]);
  expect(answersOf(events[2]!)).toEqual([
    { owner: 'www.example', type: 'CNAME', data: 'web.example', ttl: 60 },
    { owner: 'web.example', type: 'A', data: '192.0.2.10', ttl: 120 },
  ]);
  expect(events[3]).toMatchObject({ name: 'host.example', transport: 'tcp', rcode: 'NOERROR' });
});

it('keeps the name asked for where version 1 names each record’s owner', () => {
  const [question = '', first = ''] = examples['suricata-dns']!;
  const second = first
    .replace('"rrname":"www.example","rrtype":"CNAME"', '"rrname":"web.example","rrtype":"A"')
    .replace('"rdata":"web.example"', '"rdata":"192.0.2.10"');
  const { events } = readLines(suricataDns, [question, first, second]);
  expect(events[2]).toMatchObject({
    name: 'www.example',
    type: 'A',
    count: 0,
    answers: [{ owner: 'web.example', type: 'A', data: '192.0.2.10', ttl: 60 }],
  });
});

it('reads answers grouped by type, aliases first, and passes over other events', () => {
  const line = JSON.stringify({
    timestamp: '2025-06-15T15:06:41.123456+0000',
    event_type: 'dns',
    src_ip: '198.51.100.7',
    dest_ip: '198.51.100.53',
    dns: {
      version: 2,
      type: 'answer',
      rrname: 'www.example',
      rrtype: 'A',
      grouped: { A: ['192.0.2.10'], CNAME: ['web.example'] },
    },
  });
  const { events, silent } = readLines(suricataDns, [line, '{"event_type":"flow"}']);
  expect(silent).toBe(1);
  expect(answersOf(events[0]!).map(({ owner, data }) => `${owner} ${data}`)).toEqual([
    'www.example web.example',
    'web.example 192.0.2.10',
  ]);
});

it('tells which certificate a server showed, with the names of it that the version knows', () => {
  const tls = (fields: object) =>
    JSON.stringify({
      ...{ timestamp: '2025-06-15T15:06:40.1+0000', flow_id: 1, event_type: 'tls', proto: 'TCP' },
      ...{ src_ip: '198.51.100.7', src_port: 4, dest_ip: '192.0.2.10', dest_port: 443, tls: fields },
    });
  const fingerprint = `aa${':bb'.repeat(19)}`;
  const { certificates, refused, silent } = readLines(suricataDns, [
    tls({ fingerprint, sni: 'WWW.example', subject: 'C=XX, O=Some, CN=www.example' }),
    tls({ fingerprint, subject: 'CN=a.example', subjectaltname: ['b.example', '*.c.example'] }),
    tls({ fingerprint, sni: '192.0.2.10', subject: 'CN=Router' }),
    tls({ sni: 'www.example', version: 'TLS 1.3' }),
    tls({ sni: 'www.example', fingerprint: 'aa:bb' }),
  ]);
  expect(certificates.map(({ name, names }) => ({ name, names }))).toEqual([
    { name: 'www.example', names: ['www.example'] },
    { names: ['b.example', '*.c.example'] },
    {},
  ]);
  expect(certificates[0]).toMatchObject({
    ...{ fingerprint: `aa${'bb'.repeat(19)}`, protocol: 'tls', transport: 'tcp', handshake: 'none' },
    ...{ src: { ip: '198.51.100.7', port: 4 }, dst: { ip: '192.0.2.10', port: 443 } },
  });
  expect(certificates[0]!.matches).toBeUndefined();
  expect(silent).toBe(1);
  expect(refused).toEqual(['the fingerprint is neither SHA-1 nor SHA-256']);
});

it('knows a certificate that is logged whole by its SHA-256, as Zeek does', () => {
  const keys = generateKeyPairSync('ed25519');
  const made = (serial: number) => {
    const pem = issueCertificate({
      ...{ subject: 'www.example', issuer: 'Some', serial: Buffer.from([serial]), key: keys.privateKey },
      ...{ publicKey: keys.publicKey.export({ type: 'spki', format: 'der' }), use: 'server' },
      ...{ from: Date.UTC(2025, 0, 1), until: Date.UTC(2026, 0, 1) },
    });
    const { raw, fingerprint, fingerprint256 } = new X509Certificate(pem);
    return {
      base64: raw.toString('base64'),
      sha1: fingerprint.toLowerCase(),
      sha256: fingerprint256.replaceAll(':', '').toLowerCase(),
    };
  };
  const [own, other] = [made(1), made(2)];
  const plain = own.sha1.replaceAll(':', '');
  const fingerprintOf = (fields: object) => {
    const line = JSON.stringify({
      ...{ timestamp: '2025-06-15T15:06:40.1+0000', flow_id: 1, event_type: 'tls', proto: 'TCP' },
      ...{ src_ip: '198.51.100.7', src_port: 4, dest_ip: '192.0.2.10', dest_port: 443, tls: fields },
    });
    const { certificates, refused } = readLines(suricataDns, [line]);
    return certificates[0]?.fingerprint ?? refused[0] ?? null;
  };
  const told = { fingerprint: own.sha1 };
  expect(fingerprintOf(told)).toBe(plain);
  expect(fingerprintOf({ ...told, certificate: own.base64 })).toBe(own.sha256);
  expect(fingerprintOf({ ...told, chain: [own.base64, other.base64] })).toBe(own.sha256);
  // Some leave the fingerprint out of what they log.
  expect(fingerprintOf({ certificate: own.base64 })).toBe(own.sha256);
  // Another certificate than the one that is told of, and what is none.
  for (const wrong of [
    ...[
      other.base64,
      own.base64.slice(4),
      own.base64.slice(0, -4),
      `${own.base64}AAAA`,
      `!${own.base64.slice(1)}`,
    ],
    ...['', 'MAA=', 'MIL/', `${own.base64}\n`, 'A'.repeat(1_000_000), 7, null, {}, [own.base64]],
  ]) {
    expect(fingerprintOf({ ...told, certificate: wrong })).toBe(plain);
    if (wrong !== other.base64) expect(fingerprintOf({ certificate: wrong })).toBeNull();
  }
  expect(fingerprintOf({ ...told, chain: [other.base64, own.base64] })).toBe(plain);
  expect(fingerprintOf({ ...told, chain: own.base64 })).toBe(plain);
  expect(fingerprintOf({ fingerprint: own.sha256, certificate: other.base64 })).toBe(own.sha256);
});
