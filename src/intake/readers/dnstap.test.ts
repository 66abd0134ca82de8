import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answersOf } from '../../model/answers.ts';
import { type BodyOf, type Event, parseEvent } from '../../model/event.ts';
import { Reject } from '../reader.ts';
import { dnstap } from './dnstap.ts';

const read = dnstap.start({ source: 'tap', now: () => 0 });
const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
const number = (field: number, value: number) => Buffer.from([...varint(field << 3), ...varint(value)]);
const bytesField = (field: number, bytes: Buffer) =>
  Buffer.concat([Buffer.from([...varint((field << 3) | 2), ...varint(bytes.length)]), bytes]);
const fixed = (field: number, value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return Buffer.concat([Buffer.from(varint((field << 3) | 5)), bytes]);
};

/** `www.example. IN A` answered by an alias, an address and a mail host, with pointers into the question. */
const response = Buffer.concat([
  Buffer.from('000781800001000300000000', 'hex'),
  Buffer.from('\x03www\x07example\x00\x00\x01\x00\x01', 'latin1'),
  // www.example. 60 CNAME web.example. (pointer to "example")
  Buffer.from('c00c000500010000003c000603776562c010', 'hex'),
  // web.example. 120 A 192.0.2.10 (pointer into the data before)
  Buffer.from('c02900010001000000780004c000020a', 'hex'),
  // example. 300 MX 10 web.example.
  Buffer.from('c010000f00010000012c0004000ac029', 'hex'),
]);

function frame(message: Buffer, type = 6): Buffer {
  const inner = Buffer.concat([
    number(1, type),
    number(2, 1),
    number(3, 2),
    bytesField(4, Buffer.of(198, 51, 100, 7)),
    bytesField(5, Buffer.of(198, 51, 100, 53)),
    number(6, 41_772),
    number(7, 53),
    number(12, 1_750_000_000),
    fixed(13, 250_000_000),
    bytesField(14, message),
  ]);
  return Buffer.concat([bytesField(1, Buffer.from('ns1')), bytesField(14, inner), number(15, 1)]);
}

function told(bytes: Buffer): (Event & BodyOf<'answer'>) | string | null {
  try {
    const made = [read(bytes) ?? []].flat()[0];
    if (!made) return null;
    const event = parseEvent({
      id: '00000000-0000-8000-8000-000000000000',
      arrived: 0,
      sensor: 'tap',
      ...made,
    });
    return event.kind === 'answer' ? event : 'no answer';
  } catch (error) {
    if (!(error instanceof Reject)) throw error;
    return error.message;
  }
}

describe('dnstap', () => {
  it('reads who asked whom, and the answer section with its pointers followed', () => {
    const event = told(frame(response)) as Event & BodyOf<'answer'>;
    expect(event).toMatchObject({
      time: 1_750_000_000_250,
      src: { ip: '198.51.100.7', port: 41_772 },
      dst: { ip: '198.51.100.53', port: 53 },
      transport: 'tcp',
      handshake: 'none',
      name: 'www.example',
      type: 'A',
      rcode: 'NOERROR',
      detail: { message: 'CLIENT_RESPONSE', identity: 'ns1' },
    });
    expect(answersOf(event)).toEqual([
      { owner: 'www.example', type: 'CNAME', data: 'web.example', ttl: 60 },
      { owner: 'web.example', type: 'A', data: '192.0.2.10', ttl: 120 },
      { owner: 'example', type: 'MX', data: 'web.example', ttl: 300 },
    ]);
  });

  it('reads which servers a zone has from the authority section, and believes no other and no root', () => {
    const parts = [
      response,
      // example. and www.example. NS ns1.www.example., other.test. the same, and of the zone one that is cut off
      Buffer.from('c010000200010000003c0006036e7331c00c', 'hex'),
      Buffer.from('c00c000200010000003c0006036e7331c00c', 'hex'),
      Buffer.from('056f74686572047465737400000200010000003c0006036e7331c00c', 'hex'),
      Buffer.from('c00c00060001', 'hex'),
    ];
    const message = Buffer.concat(parts);
    message.writeUInt16BE(4, 8);
    const event = told(frame(message)) as Event & BodyOf<'answer'>;
    expect(answersOf(event).slice(3)).toEqual([
      { owner: 'www.example', type: 'NS', data: 'ns1.www.example', ttl: 60 },
    ]);
    expect(event.unread).toBeUndefined();
  });

  it('passes over queries and updates, and refuses what is neither', () => {
    expect([told(frame(response, 5)), told(frame(response, 14))]).toEqual([null, null]);
    expect(told(Buffer.from('hello'))).toBe('not a message of dnstap');
    expect(told(frame(response.subarray(0, 11)))).toBe('not a DNS response');
  });

  it('refuses names that are none: a dot, a blank or another byte in a label, and the root', () => {
    for (const label of ['\x03a.b', '\x03a b', '\x03a\xe9b', '\x03a\\b', '']) {
      const message = Buffer.concat([
        response.subarray(0, 12),
        Buffer.from(`${label}\x00\x00\x01\x00\x01`, 'latin1'),
      ]);
      expect(told(frame(message))).toBe('the name that was asked for is no domain name');
    }
  });

  it('gives what there is of an answer that is cut off at any byte, and counts the rest', () => {
    for (let size = 0; size < response.length; size++) {
      const event = told(frame(response.subarray(0, size)));
      if (size < 29) expect(event).toBe('not a DNS response');
      else {
        const { answers, unread = 0 } = event as BodyOf<'answer'>;
        expect(answers.length + unread).toBe(3);
      }
    }
    const bytes = frame(response);
    for (let size = 0; size < bytes.length; size++)
      expect(told(bytes.subarray(0, size))).toBe('not a message of dnstap');
  });

  it('gives valid events or a reason, whatever byte is another', () => {
    const bytes = frame(response);
    for (let at = 0; at < bytes.length; at++) {
      for (const value of [0, 1, 0x7f, 0x80, 0xc0, 0xff]) {
        const changed = Buffer.from(bytes);
        changed[at] = value;
        told(changed);
      }
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => void told(Buffer.from(noise))));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        told(frame(Buffer.concat([response.subarray(0, 29), Buffer.from(noise)])));
      }),
    );
  });
});
