import { expect, it } from 'vitest';
import { Drift } from './drift.ts';

it('tells at once, and once more where it lasts', () => {
  const said: string[] = [];
  const drift = new Drift({ driftShare: 0.001, driftMs: 60_000 }, (text) => said.push(text));
  drift.judge('deny4', 0.001, 0);
  expect(said).toEqual([]);
  for (const now of [0, 30_000, 60_000, 90_000]) drift.judge('deny4', 0.5, now);
  expect(said).toEqual([
    'deny4: 50.0 % differs from what is wanted; it is being mended',
    'deny4: 50.0 % differs from what is wanted, and mending does not help',
  ]);
  drift.judge('deny4', 0, 120_000);
  drift.judge('deny4', 1, 150_000, 'no answer');
  expect(said).toHaveLength(3);
});
