import { once } from 'node:events';
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { silentLog } from '../kit/log.ts';
import { redis } from './emulators/redis.ts';
import { serve } from './fixture.ts';
import { Recording } from './recording.ts';
import { readRecording } from './recording-read.ts';
import { Recordings } from './recordings.ts';
import { reelName, reelsIn } from './reel.ts';

const limits = { recording: 1_000, recordingBytes: 3_000, recordingReel: 1_000, recordingPending: 100_000 };
const folders: string[] = [];
const folder = () => {
  const made = mkdtempSync(join(tmpdir(), 'recordings-'));
  folders.push(made);
  return made;
};
afterEach(() => {
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true });
});
const name = (n: number) => n.toString(16).padStart(16, '0');
const head = (n: number) => ({ session: name(n), protocol: 'telnet', startedAt: 5_000 });

it('keeps what was said both ways, byte for byte and with its times', async () => {
  const dir = folder();
  const store = new Recordings(dir, { ...limits, recording: 100_000, recordingBytes: 100_000 }, silentLog);
  const recording = new Recording(store, head(1));
  const all = Buffer.from(Array.from({ length: 256 }, (_, n) => n));
  recording.add('out', Buffer.from('login: '), 5_000);
  recording.add('in', all, 5_700);
  recording.add('out', Buffer.alloc(40_000, 'x'), 6_000);
  recording.add('in', Buffer.from('\n'), 7_000);
  recording.end(8_000);
  await store.close();
  const path = join(dir, reelName(1));
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(await readRecording(dir, name(1))).toEqual({
    ...head(1),
    cut: 0,
    frames: [
      { way: 'out', at: 0, bytes: Buffer.from('login: ') },
      { way: 'in', at: 700, bytes: all },
      { way: 'out', at: 1_000, bytes: Buffer.alloc(40_000, 'x') },
      { way: 'in', at: 2_000, bytes: Buffer.from('\n') },
    ],
  });
  expect(store.counters).toMatchObject({ recordingsKept: 1, recordingBytesLost: 0 });
  // A crash may cut off the end: of the session's end, then of its last words.
  truncateSync(path, statSync(path).size - 1);
  expect((await readRecording(dir, name(1)))?.frames).toHaveLength(4);
  truncateSync(path, statSync(path).size - 25);
  expect((await readRecording(dir, name(1)))?.frames).toHaveLength(3);
});

it('tells sessions apart that speak at once, over several reels', async () => {
  const dir = folder();
  const store = new Recordings(dir, { ...limits, recording: 100_000, recordingBytes: 1_000_000 }, silentLog);
  const some = [7, 8, 9].map((n) => new Recording(store, head(n)));
  for (let round = 0; round < 30; round++) {
    for (const [n, one] of some.entries()) one.add('in', Buffer.alloc(500, n + 1), 5_000 + round);
    await store.flush();
  }
  for (const one of some) one.end(9_000);
  await store.close();
  expect(reelsIn(dir).length).toBeGreaterThan(10);
  for (const n of [7, 8, 9]) {
    const frames = (await readRecording(dir, name(n)))!.frames;
    expect(frames).toHaveLength(30);
    expect(Buffer.concat(frames.map(({ bytes }) => bytes))).toEqual(Buffer.alloc(15_000, n - 6));
  }
  expect(await readRecording(dir, name(10))).toBeNull();
  expect(await readRecording(dir, name(7), Date.now() + 3_600_000)).toBeNull();
});

it('reads around what is no reel', async () => {
  const dir = folder();
  const store = new Recordings(dir, { ...limits, recordingBytes: 1_000_000 }, silentLog);
  const one = new Recording(store, head(1));
  one.add('in', Buffer.from('hello'), 5_000);
  one.end(5_001);
  await store.close();
  appendFileSync(join(dir, reelName(1)), Buffer.alloc(40, 0xff));
  writeFileSync(join(dir, reelName(2)), Buffer.alloc(4_096, 0xee));
  writeFileSync(join(dir, reelName(3)), '');
  writeFileSync(join(dir, 'notes'), 'not ours');
  expect((await readRecording(dir, name(1)))?.frames).toHaveLength(1);
  expect(new Recordings(dir, limits, silentLog).counters.recordingReels).toBe(3);
});

it('forgets a key exchange once it is over, and keeps one that was not', async () => {
  const dir = folder();
  const store = new Recordings(dir, limits, silentLog);
  const [over, broken] = [new Recording(store, head(1)), new Recording(store, head(2))];
  for (const one of [over, broken]) one.add('in', Buffer.from('SSH-2.0-x\r\n'), 5_000);
  expect(over.drop()).toBe(true);
  broken.end(6_000);
  await store.close();
  expect(await readRecording(dir, name(1))).toBeNull();
  expect((await readRecording(dir, name(2)))?.frames).toHaveLength(1);
  // What was held is given back.
  expect(store.hold(limits.recordingPending)).toBe(true);
});

it('counts what is over the limit of one session, and of the memory of all', async () => {
  const dir = folder();
  const store = new Recordings(dir, limits, silentLog);
  const long = new Recording(store, head(2));
  for (let n = 0; n < 20; n++) long.add('in', Buffer.alloc(100, n), 5_000 + n);
  long.end(6_000);
  await store.close();
  const { frames, cut } = (await readRecording(dir, name(2)))!;
  expect([frames.length, cut, store.counters.recordingBytesCut]).toEqual([8, 1_200, 1_200]);

  const tight = new Recordings(folder(), { ...limits, recordingPending: 300 }, silentLog);
  const [one, other] = [new Recording(tight, head(3)), new Recording(tight, head(4))];
  one.add('in', Buffer.alloc(10), 5_000);
  other.add('in', Buffer.alloc(10), 5_000);
  other.add('in', Buffer.alloc(200), 5_000);
  one.end(5_001);
  other.end(5_001);
  await tight.close();
  expect(tight.counters).toMatchObject({ recordingsKept: 2, recordingBytesCut: 200 });
  // What was held is given back.
  expect(tight.hold(300)).toBe(true);
});

it('keeps within its disk, the youngest longest, and over a restart; a full disk is only counted', async () => {
  const dir = folder();
  const store = new Recordings(dir, limits, silentLog);
  for (let n = 0; n < 6; n++) {
    const one = new Recording(store, head(16 + n));
    one.add('in', Buffer.alloc(700), 5_000);
    one.end(5_001);
    await store.flush();
  }
  await store.close();
  expect(store.counters.recordingReelsEvicted).toBeGreaterThan(0);
  expect(store.counters.recordingBytes).toBeLessThanOrEqual(limits.recordingBytes + limits.recordingReel);
  expect(await readRecording(dir, name(16))).toBeNull();
  expect((await readRecording(dir, name(21)))?.frames).toHaveLength(1);
  const { recordingBytes, recordingReels } = store.counters;
  const again = new Recordings(dir, limits, silentLog);
  expect(again.counters).toMatchObject({ recordingBytes, recordingReels });
  const next = new Recording(again, head(30));
  next.add('in', Buffer.alloc(700), 5_000);
  next.end(5_001);
  await again.close();
  expect((await readRecording(dir, name(30)))?.frames).toHaveLength(1);

  const blocked = folder();
  const failing = new Recordings(blocked, limits, silentLog);
  rmSync(blocked, { recursive: true });
  const one = new Recording(failing, head(1));
  one.add('in', Buffer.alloc(7), 5_000);
  one.end(5_001);
  await failing.close();
  expect(failing.counters.recordingBytesLost).toBeGreaterThan(0);
  expect(failing.hold(limits.recordingPending)).toBe(true);
});

it('records a talk over a socket as both ends have heard it, and nothing where nobody speaks', async () => {
  const dir = folder();
  const store = new Recordings(dir, { ...limits, recording: 100_000, recordingBytes: 1_000_000 }, silentLog);
  const served = await serve(redis, {}, { recordings: store });
  try {
    const silent = connect(served.port, '127.0.0.1').resume();
    await once(silent, 'connect');
    silent.destroy();
    const socket = connect(served.port, '127.0.0.1');
    let heard = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      heard += text;
    });
    const said = 'PING\r\n*2\r\n$4\r\nECHO\r\n$3\r\n\u0000\u00ff\u001b\r\nQUIT\r\n';
    socket.write(said, 'latin1');
    await once(socket, 'close');
    await served.close();
    await store.close();
    expect(readdirSync(dir)).toEqual([reelName(1)]);
    expect(store.counters.recordingsKept).toBe(1);
    const { protocol, frames } = (await readRecording(dir, served.events.at(-1)!.session))!;
    expect(protocol).toBe('redis');
    const of = (way: string) =>
      Buffer.concat(frames.filter((one) => one.way === way).map(({ bytes }) => bytes)).toString('latin1');
    expect(of('in')).toBe(said);
    expect(of('out')).toBe(heard);
    expect(heard).toContain('+PONG');
  } finally {
    await served.close();
  }
});
