import { expect, it } from 'vitest';
import { leadOf, survival } from './lead.ts';

const many = (count: number, day: number, listed: number | null) =>
  Array.from({ length: count }, () => ({ day, listed }));

it('counts what waits as waiting, and what a list had before as that', () => {
  const lead = leadOf(
    [...many(10, 100, 103), ...many(10, 100, 109), ...many(5, 100, 95), ...many(15, 100, null)],
    110,
    20,
  );
  expect(lead).toMatchObject({ crossed: 40, listed: 25, before: 5, waiting: 15, listedShare: 25 / 40 });
  expect(lead.median).toBe(3);
  expect(lead.over).toEqual([
    { days: 0, share: 20 / 25 },
    { days: 1, share: 20 / 25 },
    { days: 7, share: 10 / 25 },
  ]);
  // Of 35 that crossed first: 10 after 3 days, 10 after 9; half are listed after 9 days.
  expect(lead.untilListed!.median).toBe(9);
  expect(lead.untilListed!.within[0]).toEqual({ days: 1, share: 0 });
  expect(lead.untilListed!.within[1]!.share).toBeCloseTo(10 / 35, 12);
});

it('prints no figure of a few', () => {
  const lead = leadOf([...many(29, 100, 103)], 110);
  expect(lead).toMatchObject({ crossed: 29, listed: 29, listedShare: null, median: null, over: null });
  expect(lead.untilListed).toBeNull();
  expect(leadOf(many(30, 100, 103), 110).median).toBe(3);
  // Many that wait are no figure for those that are listed.
  const waiting = leadOf([...many(40, 100, null), ...many(2, 100, 103)], 110);
  expect(waiting).toMatchObject({ median: null, over: null, listedShare: 2 / 42 });
  expect(waiting.untilListed!.median).toBeNull();
});

it('estimates survival as published', () => {
  // The times of remission under 6-MP of Freireich et al. (1963), with the estimates that textbooks give for them.
  const listed = [6, 6, 6, 7, 10, 13, 16, 22, 23];
  const waiting = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35];
  const steps = survival([
    ...listed.map((days) => ({ days, listed: true })),
    ...waiting.map((days) => ({ days, listed: false })),
  ]);
  expect(steps.map(({ days }) => days)).toEqual([6, 7, 10, 13, 16, 22, 23]);
  expect(steps.map(({ left }) => Number(left.toFixed(3)))).toEqual([
    0.857, 0.807, 0.753, 0.69, 0.627, 0.538, 0.448,
  ]);
});
