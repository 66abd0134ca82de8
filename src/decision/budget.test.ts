import { expect, it } from 'vitest';
import { Budget } from './budget.ts';
import { minute, start } from './fixture.ts';
import { budgetOptions } from './options.ts';

it('limits a minute', () => {
  const budget = new Budget(budgetOptions.parse({ perMinute: 3 }));
  for (let i = 0; i < 3; i++) {
    expect(budget.refuses(start + i, undefined, 1_000)).toBeNull();
    budget.spend(start + i, undefined);
  }
  expect(budget.refuses(start + 3, undefined, 1_000)).toContain('within a minute');
  expect(budget.refuses(start + minute, undefined, 1_000)).toBeNull();
});

it('limits one network and not the others', () => {
  const budget = new Budget(budgetOptions.parse({ perAsnMinute: 2 }));
  for (let i = 0; i < 2; i++) budget.spend(start, 64_500);
  expect(budget.refuses(start, 64_500, 0)).toContain('AS64500');
  expect(budget.refuses(start, 64_501, 0)).toBeNull();
  expect(budget.refuses(start + minute, 64_500, 0)).toBeNull();
});

it('limits growth to a share of what stood, with a floor', () => {
  const budget = new Budget(budgetOptions.parse({ growthFloor: 2, perMinute: 1_000 }));
  let standing = 0;
  const grow = () => {
    if (budget.refuses(start, undefined, standing)) return false;
    budget.spend(start, undefined);
    standing++;
    return true;
  };
  expect([grow(), grow(), grow()]).toEqual([true, true, false]);
  standing = 10 + 2;
  expect([grow(), grow(), grow(), grow()]).toEqual([true, true, true, false]);
});

it('has a hard cap', () => {
  const budget = new Budget(budgetOptions.parse({ standing: 5 }));
  expect(budget.refuses(start, undefined, 4)).toBeNull();
  expect(budget.refuses(start, undefined, 5)).toContain('cap');
});
