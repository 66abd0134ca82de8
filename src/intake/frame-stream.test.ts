import fc from 'fast-check';
import { expect, it } from 'vitest';
import { beginsFrames, control, controlFrame, FrameCutter } from './frame-stream.ts';

const content = 'protobuf:dnstap.Dnstap';
const frame = (text: string) => {
  const bytes = Buffer.alloc(4 + text.length);
  bytes.writeUInt32BE(text.length);
  bytes.write(text, 4, 'latin1');
  return bytes;
};
const start = controlFrame(control.start, content);
const stop = controlFrame(control.stop);
const whole = Buffer.concat([start, frame('one'), frame('two'), stop, start, frame('three'), stop]);

function read(chunks: Buffer[], connected = false) {
  const frames: string[] = [];
  const refused: string[] = [];
  const sent: Buffer[] = [];
  let broken = 0;
  const talk = { send: (bytes: Buffer) => sent.push(bytes), broken: () => void broken++ };
  const cutter = connected ? new FrameCutter(content, talk) : new FrameCutter(content);
  const each = (bytes: Buffer, from: number, to: number) => frames.push(bytes.toString('latin1', from, to));
  const refuse = (reason: Error) => refused.push(reason.message);
  for (const chunk of chunks) cutter.cut(chunk, each, refuse);
  cutter.end(each, refuse);
  return { frames, refused, sent, broken };
}

it('reads the frames of a file, also where it was added to, however it is cut into chunks', () => {
  expect(beginsFrames(whole, content)).toBe(true);
  expect(beginsFrames(Buffer.from('{"a":1}'), content)).toBe(false);
  for (let size = 1; size <= whole.length; size++) {
    const chunks = Array.from({ length: Math.ceil(whole.length / size) }, (_, i) =>
      whole.subarray(i * size, (i + 1) * size),
    );
    expect(read(chunks)).toMatchObject({ frames: ['one', 'two', 'three'], refused: [] });
  }
});

it('gives what was whole of a stream that was cut off at any byte', () => {
  for (let size = 0; size < whole.length; size++) {
    const { frames, refused } = read([whole.subarray(0, size)]);
    expect(['one', 'two', 'three'].slice(0, frames.length)).toEqual(frames);
    expect(refused.length).toBeLessThanOrEqual(1);
  }
});

it('lets a frame over the limit pass by without holding it, and reads on', () => {
  const huge = Buffer.alloc(4 + 300_000);
  huge.writeUInt32BE(300_000);
  expect(read([start, frame('one'), huge, frame('two'), stop])).toMatchObject({
    frames: ['one', 'two'],
    refused: ['the frame is over its limit'],
  });
  const endless = Buffer.alloc(4);
  endless.writeUInt32BE(0xffff_ffff);
  expect(read([start, endless, frame('two')])).toMatchObject({
    frames: [],
    refused: ['the frame is over its limit', 'the stream ends within a frame'],
  });
});

it.each<[string, Buffer]>([
  ['data before its start', frame('one')],
  ['another content', controlFrame(control.start, 'protobuf:other')],
  ['a start within', Buffer.concat([start, start])],
  ['a control frame that is too long', Buffer.from('00000000000002010000', 'hex')],
  ['a control frame that is too short', Buffer.from('0000000000000003000000', 'hex')],
  ['a field that reaches out of its frame', Buffer.from('000000000000000c0000000200000001000000ff', 'hex')],
])('reads no further after %s', (_, bytes) => {
  expect(read([bytes, start, frame('two')])).toMatchObject({
    frames: [],
    refused: ['not a frame stream of this content'],
  });
});

it('takes the reading end of a connection: accepts, and tells that it has finished', () => {
  const { frames, sent, broken } = read(
    [controlFrame(control.ready, content), start, frame('one'), stop],
    true,
  );
  expect([frames, broken]).toEqual([['one'], 0]);
  expect(sent).toEqual([controlFrame(control.accept, content), controlFrame(control.finish)]);
  expect(read([start, frame('one')], true)).toMatchObject({ frames: [], broken: 1 });
});

it('ends for any bytes', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 64 })), fc.boolean(), (chunks, connected) => {
      read([start, ...chunks.map((one) => Buffer.from(one))], connected);
    }),
  );
});
