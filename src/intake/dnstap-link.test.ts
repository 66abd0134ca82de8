import { expect, it } from 'vitest';
import { DnstapLink } from './dnstap-link.ts';
import { control, controlFrame } from './frame-stream.ts';
import { dnstapContent } from './readers/dnstap.ts';

function open() {
  const sent: Buffer[] = [];
  const reasons: string[] = [];
  const link = new DnstapLink({
    source: 'dnstap',
    connection: '1',
    intake: { take() {} },
    rejects: { add: (_source, _line, reason) => void reasons.push(reason) },
    now: () => 0,
    send: (bytes) => sent.push(bytes),
  });
  return { link, sent, reasons };
}
const ready = controlFrame(control.ready, dnstapContent);
const start = controlFrame(control.start, dnstapContent);
const junk = Buffer.from([0, 0, 0, 2, 104, 105]);

it('takes the reading end of the handshake, and counts frames that are no dnstap', () => {
  const { link, sent, reasons } = open();
  link.bytes(ready);
  expect(sent).toEqual([controlFrame(control.accept, dnstapContent)]);
  link.bytes(Buffer.concat([start, junk, controlFrame(control.stop)]));
  expect(sent[1]).toEqual(controlFrame(control.finish));
  link.end();
  expect(reasons).toEqual(['not a message of dnstap']);
});

it('ends with a peer that speaks something else, or another content', () => {
  for (const bytes of [
    Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    start,
    controlFrame(control.ready, 'protobuf:other'),
    Buffer.concat([ready, junk]),
    Buffer.alloc(12),
  ]) {
    const { link, reasons } = open();
    expect(() => link.bytes(bytes)).toThrow('Not a frame stream of dnstap.');
    // Nothing after it is read.
    expect(() => link.bytes(ready)).toThrow();
    expect(reasons).toEqual(['not a frame stream of this content']);
  }
});

it('tells of a frame that the peer did not end', () => {
  const { link, reasons } = open();
  link.bytes(Buffer.concat([ready, start, junk.subarray(0, 5)]));
  link.end();
  expect(reasons).toEqual(['the stream ends within a frame']);
});
