import { expect, it } from 'vitest';
import { seeded } from '../../kit/seeded.ts';
import { Beginnings, beginningLimits, beginningsSchema, sourceOf } from './beginnings.ts';

it('knows the first day of each source, and the first after more than two days without it', () => {
  const all = new Beginnings();
  for (const day of [100, 101, 104, 108, 109]) all.saw('live', day);
  expect(all.days()).toEqual([100, 108]);
  all.saw('an import', 60, 70);
  all.saw('an import', 65);
  expect(all.days()).toEqual([60, 100, 108]);
  // What fills a gap was looked at.
  all.saw('live', 106);
  expect(all.days()).toEqual([60, 100]);
  // One source says nothing of what another looked at.
  all.saw('other', 101);
  expect(all.days()).toEqual([60, 100, 101]);
  for (const day of [-1, 70_000, Number.NaN]) all.saw('live', day);
  all.saw('live', 90, 80);
  expect(all.days()).toEqual([60, 100, 101]);
});

it('comes to the same in any order', () => {
  const draw = seeded(4);
  const days = Array.from({ length: 80 }, () => 1_000 + Math.floor(draw() * 400));
  const inOrder = new Beginnings();
  for (const day of [...days].sort((a, b) => a - b)) inOrder.saw('live', day);
  const shuffled = new Beginnings();
  for (const day of days) shuffled.saw('live', day);
  expect(shuffled.days()).toEqual(inOrder.days());
  const seen = new Set(days);
  const begun = [...seen].filter((day) => ![1, 2, 3].some((back) => seen.has(day - back)));
  expect(inOrder.days()).toEqual(begun.sort((a, b) => a - b));
});

it('forgets sources, never a day on which one began', () => {
  const all = new Beginnings();
  const count = beginningLimits.sources + 40;
  for (let n = 0; n < count; n++) all.saw(`sensor ${n}`, 10 * n);
  for (let n = 0; n < 2 * beginningLimits.spans; n++) all.saw('sparse', 20_000 + 10 * n);
  const stored = beginningsSchema.parse(JSON.parse(JSON.stringify(all.stored())));
  expect(stored.sources.length).toBeLessThanOrEqual(beginningLimits.sources);
  const again = new Beginnings(stored);
  expect(again.days()).toEqual(all.days());
  expect(again.days()).toHaveLength(count + 2 * beginningLimits.spans);
  // Who went and comes back begins anew.
  again.saw('sensor 0', 2);
  expect(again.days()).toContain(2);
});

it('goes on with a log that is imported day by day under one name', () => {
  const all = new Beginnings();
  for (let day = 100; day < 130; day++) all.saw(sourceOf(`run ${day}`, 'resolver'), day);
  expect(all.days()).toEqual([100]);
  // Another name is another log, and what is live is neither.
  all.saw(sourceOf('run 130', 'branch'), 120);
  all.saw(sourceOf('live', 'resolver'), 125);
  expect(all.days()).toEqual([100, 120, 125]);
});
