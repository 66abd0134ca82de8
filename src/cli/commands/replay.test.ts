import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSystem, type System, unprintable } from '../../../test/setup/commands.ts';
import { silentLog } from '../../kit/log.ts';
import { defaultLimits } from '../../sensor/limits.ts';
import { Recording } from '../../sensor/recording.ts';
import { Recordings } from '../../sensor/recordings.ts';

const session = '00000000c0ffee00';
const began = Date.UTC(2026, 0, 5);
const said: ['in' | 'out', number, Buffer][] = [
  ['out', 0, Buffer.from([255, 253, 31])],
  ['in', 20, Buffer.from([255, 251])],
  // The option that the frame before cut off, then what was typed.
  ['in', 30, Buffer.concat([Buffer.from([31, 255, 250, 31, 0, 80, 255, 240]), Buffer.from('ls\r\n')])],
  ['out', 1_250, Buffer.from('\u001b[2J\u001b]0;x\u0007 caf\u00e9 \u202e', 'utf8').subarray(0, -1)],
  ['out', 1_300, Buffer.from('\u202e').subarray(-1)],
];

let system: System;
beforeAll(async () => {
  system = await openSystem();
  const folder = join(system.data, 'sensor', 'payloads', 'recordings');
  mkdirSync(folder, { recursive: true });
  const store = new Recordings(folder, defaultLimits, silentLog);
  const recording = new Recording(store, { session, protocol: 'telnet', startedAt: began });
  for (const [way, at, bytes] of said) recording.add(way, bytes, began + at);
  recording.end(began + 2_000);
  await store.flush();
});
afterAll(() => system?.close());

it('gives the bytes of both ways with their times', async () => {
  const [head, ...frames] = await system.ask<{ way: string; at: number; data: string }>('replay', session);
  expect(head).toMatchObject({
    session,
    protocol: 'telnet',
    startedAt: began,
    cut: 0,
    width: 80,
    height: 24,
  });
  expect(frames.map(({ way, at, data }) => [way, at, Buffer.from(data, 'base64')])).toEqual(said);
});

it('shows people inert text', async () => {
  const { code, out } = await system.run('replay', session);
  expect(code).toBe(0);
  expect(out).toMatch(/^ {4}0\.030 > .*ls\\r\\n$/m);
  expect(out).toContain('1.250 < \\x1b[2J');
  expect(out).not.toMatch(unprintable);
});

it('writes asciicast v2: text without Telnet commands, in ASCII', async () => {
  const file = join(system.folder, 'session.cast');
  expect((await system.run('replay', session, '--asciicast', file)).out).toBe('5 frames written\n');
  const text = readFileSync(file, 'utf8');
  expect(text).not.toMatch(/[^\n\u0020-\u007e]/);
  const [head, ...events] = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  expect(head).toMatchObject({ version: 2, width: 80, height: 24, timestamp: began / 1_000 });
  expect(events).toEqual([
    [0.03, 'i', 'ls\r\n'],
    [1.25, 'o', '\u001b[2J\u001b]0;x\u0007 caf\u00e9 '],
    [1.3, 'o', '\u202e'],
  ]);
});

it.each([
  [64, []],
  [1, ['0000000000000001']],
  [1, ['../../etc/passwd']],
])('ends with %i on %j', async (code, args) => {
  expect((await system.run('replay', ...args)).code).toBe(code);
});
