import { spawn } from 'node:child_process';
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, it } from 'vitest';
import { compiled } from '../../kit/compiled.ts';
import { Track, type trackLimits } from './track.ts';

const folder = mkdtempSync(join(tmpdir(), 'caltrop-track-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let made = 0;
function opened(limits: Partial<typeof trackLimits> = {}) {
  const path = join(folder, `${made++}`);
  return { path, track: new Track(path, limits), again: () => new Track(path, limits) };
}

it('keeps a point on each day on which something changed, and the last of one day', () => {
  const { track } = opened();
  track.point('a.example', { day: 10, score: 20, class: 'Unknown' });
  track.point('a.example', { day: 11, score: 21, class: 'Unknown' });
  track.point('a.example', { day: 12, score: 40, class: 'Unknown' });
  track.point('a.example', { day: 12, score: 96.04, class: 'Malicious' });
  track.point('a.example', { day: 13, score: 96, class: 'Suspicious' });
  track.point('a.example', { day: 11, score: 1, class: 'Benign' });
  expect(track.of('a.example')!.history).toEqual([
    { day: 10, score: 20, class: 'Unknown' },
    { day: 12, score: 96, class: 'Malicious' },
    { day: 13, score: 96, class: 'Suspicious' },
  ]);
  expect(track.of('b.example')).toBeNull();
  track.close();
});

it('is what it was after it was closed, killed or cut', () => {
  const { path, track, again } = opened();
  track.point('a.example', { day: 10, score: 20, class: 'Unknown' });
  expect(track.come('a.example', 'Malicious', 11)).toBe(true);
  expect(track.come('a.example', 'Malicious', 12)).toBe(false);
  track.cross('a.example', 11);
  track.cross('a.example', 12);
  track.list('a.example', 20, 'one');
  track.list('a.example', 18, 'two');
  track.list('a.example', 25, 'three');
  track.flush();
  const whole = statSync(path).size;
  // Not flushed: it is as if the process had been killed here.
  track.point('a.example', { day: 30, score: 90, class: 'Malicious' });
  const killed = again();
  const kept = killed.of('a.example');
  expect(kept).toEqual({
    history: [{ day: 10, score: 20, class: 'Unknown' }],
    ...{ since: 11, listed: { day: 18, feed: 'two' } },
  });
  expect([...killed.crossings()]).toEqual([{ name: 'a.example', day: 11, listed: 18 }]);
  killed.point('a.example', { day: 30, score: 90, class: 'Malicious' });
  killed.close();
  // Cut in the middle of the last block, or with something else at its end.
  for (const damage of [() => truncateSync(path, whole + 5), () => appendFileSync(path, 'no block at all')]) {
    damage();
    const cut = again();
    expect(cut.cut).toBeGreaterThan(0);
    expect(cut.of('a.example')).toEqual(kept);
    cut.close();
  }
  // A bit that turned ends it at that block.
  const bytes = readFileSync(path);
  bytes[bytes.length - 3]! ^= 1;
  writeFileSync(path, bytes);
  const turned = again();
  expect(turned.of('a.example')).toBeNull();
  turned.close();
});

it('holds no more than its limits, counts what it lets go, and forgets nobody who crossed', () => {
  const { path, track, again } = opened({ quiet: 10, crossed: 5, points: 3, bytes: 2_000 });
  for (let n = 0; n < 8; n++) track.come(`bad${n}.example`, 'Malicious', 10 + n);
  expect(track.refused).toBe(3);
  for (let n = 0; n < 30; n++) track.point(`quiet${n}.example`, { day: 10, score: 20, class: 'Unknown' });
  expect(track.refused).toBe(23);
  for (let day = 20; day < 60; day++) {
    track.point('bad0.example', { day, score: day, class: 'Unknown' });
    track.point('bad0.example', { day, score: day * 1.5, class: 'Unknown' });
    track.flush();
  }
  expect(track.of('bad0.example')!.history.map(({ day }) => day)).toEqual([57, 58, 59]);
  expect([...track.names()]).toHaveLength(15);
  expect(track.came('bad0.example', 'Malicious')).toBe(true);
  // What no longer counts leaves the file as well.
  expect(statSync(path).size).toBeLessThan(4_200);
  track.close();
  const after = again();
  expect([...after.names()].sort()).toEqual([...track.names()].sort());
  expect(after.of('bad0.example')).toEqual(track.of('bad0.example'));
  after.close();
});

it('keeps no more points of all than it may', () => {
  const { path, track, again } = opened({ all: 20, quiet: 10 });
  for (let day = 0; day < 50; day++)
    for (let n = 0; n < 10; n++)
      track.point(`n${n}.example`, { day, score: (day * 7) % 100, class: 'Unknown' });
  // Names that leave make room.
  for (let n = 10; n < 15; n++)
    for (let day = 50; day < 60; day++)
      track.point(`n${n}.example`, { day, score: (day * 7) % 100, class: 'Unknown' });
  const points = (one: Track) =>
    [...one.names()].reduce((sum, name) => sum + one.of(name)!.history.length, 0);
  expect(points(track)).toBeGreaterThanOrEqual(15);
  expect(points(track)).toBeLessThanOrEqual(30);
  expect(track.of('n14.example')!.history.at(-1)!.day).toBe(59);
  track.close();
  const after = again();
  expect(points(after)).toBe(points(track));
  after.close();
  rmSync(path);
});

it('has all that was flushed after kill -9', { timeout: 60_000 }, async () => {
  const path = join(folder, 'killed');
  const source = `
    const { Track } = await import(process.argv[1]);
    const track = new Track(process.argv[2], { bytes: 4_000 });
    for (let n = 0; ; n++) {
      track.cross('bad' + n + '.example', n);
      track.point('bad' + n % 7 + '.example', { day: n, score: n % 100, class: 'Unknown' });
      track.flush();
      process.stdout.write(n + '\\n');
    }`;
  for (const least of [5, 40, 160]) {
    rmSync(path, { force: true });
    const args = ['--input-type=module', '-e', source, compiled('./track.js', import.meta.url), path];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let told = -1;
    for await (const line of createInterface({ input: child.stdout })) {
      told = Number(line);
      if (told === least) child.kill('SIGKILL');
    }
    expect(told).toBeGreaterThanOrEqual(least);
    const track = new Track(path);
    for (let n = 0; n <= told; n++) expect(track.since(`bad${n}.example`)).toBe(n);
    track.close();
  }
});
