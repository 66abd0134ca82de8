import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { silentLog } from '../kit/log.ts';
import { redis } from './emulators/redis.ts';
import { serve } from './fixture.ts';
import { Recording } from './recording.ts';
import { readRecording } from './recording-frames.ts';
import { Recordings, recordingPath } from './recordings.ts';

const limits = { recording: 1_000, recordingBytes: 3_000, recordings: 10, recordingPending: 100_000 };
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
  await store.flush();
  const path = recordingPath(dir, name(1));
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const read = readRecording(readFileSync(path));
  expect(read).toEqual({
    head: head(1),
    cut: 0,
    frames: [
      { way: 'out', at: 0, bytes: Buffer.from('login: ') },
      { way: 'in', at: 700, bytes: all },
      { way: 'out', at: 1_000, bytes: Buffer.alloc(40_000, 'x') },
      { way: 'in', at: 2_000, bytes: Buffer.from('\n') },
    ],
  });
  expect(store.counters).toMatchObject({ recordings: 1, recordingsKept: 1, recordingsLost: 0 });
  // A crash may cut the last chunk.
  const torn = readFileSync(path).subarray(0, -1);
  expect(readRecording(torn).frames).toHaveLength(3);
});

it('counts what is over the limit of one session, and of the memory of all', async () => {
  const dir = folder();
  const store = new Recordings(dir, limits, silentLog);
  const long = new Recording(store, head(2));
  for (let n = 0; n < 20; n++) long.add('in', Buffer.alloc(100, n), 5_000 + n);
  long.end(6_000);
  await store.flush();
  const { frames, cut } = readRecording(readFileSync(recordingPath(dir, name(2))));
  expect([frames.length, cut, store.counters.recordingBytesCut]).toEqual([9, 1_100, 1_100]);

  const tight = new Recordings(folder(), { ...limits, recordingPending: 600 }, silentLog);
  const [one, other] = [new Recording(tight, head(3)), new Recording(tight, head(4))];
  one.add('in', Buffer.alloc(10), 5_000);
  other.add('in', Buffer.alloc(10), 5_000);
  one.end(5_001);
  other.end(5_001);
  await tight.flush();
  expect(tight.counters).toMatchObject({ recordings: 1, recordingBytesCut: 10 });
  // What was held is given back.
  expect(tight.reserve(600)).toBe(true);
});

it('keeps within its disk, the youngest longest, and over a restart; a full disk is only counted', async () => {
  const dir = folder();
  const store = new Recordings(dir, limits, silentLog);
  for (let n = 0; n < 6; n++) {
    const one = new Recording(store, head(16 + n));
    one.add('in', Buffer.alloc(700), 5_000);
    one.end(5_001);
  }
  await store.flush();
  expect(store.counters.recordingsEvicted).toBeGreaterThan(0);
  expect(store.counters.recordingBytes).toBeLessThanOrEqual(limits.recordingBytes);
  expect(existsSync(recordingPath(dir, name(16)))).toBe(false);
  expect(existsSync(recordingPath(dir, name(21)))).toBe(true);
  expect(new Recordings(dir, limits, silentLog).counters.recordings).toBe(store.counters.recordings);

  const blocked = folder();
  writeFileSync(join(blocked, '00'), 'in the way');
  const failing = new Recordings(blocked, limits, silentLog);
  const one = new Recording(failing, head(1));
  one.add('in', Buffer.alloc(7), 5_000);
  one.end(5_001);
  await failing.flush();
  expect(failing.counters).toMatchObject({ recordings: 0, recordingsLost: 1 });
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
    await store.flush();
    const files = readdirSync(dir).flatMap((part) => readdirSync(join(dir, part)));
    expect(files).toHaveLength(1);
    const { head: told, frames } = readRecording(readFileSync(recordingPath(dir, files[0]!)));
    expect(told).toMatchObject({ session: served.events.at(-1)!.session, protocol: 'redis' });
    const of = (way: string) =>
      Buffer.concat(frames.filter((one) => one.way === way).map(({ bytes }) => bytes)).toString('latin1');
    expect(of('in')).toBe(said);
    expect(of('out')).toBe(heard);
    expect(heard).toContain('+PONG');
  } finally {
    await served.close();
  }
});
