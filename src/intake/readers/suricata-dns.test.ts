import { expect, it } from 'vitest';
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
