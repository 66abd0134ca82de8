import { expect, it } from 'vitest';
import { chainOf } from './chain.ts';

const step = (optional = false, times = 1) => ({ optional, times });

it.each([
  ['in order', [step(), step()], [[0], [2]], true, 2],
  ['against the order', [step(), step()], [[2], [0]], true, undefined],
  ['in any order', [step(), step()], [[2], [0]], false, 2],
  ['one act, two steps', [step(), step()], [[1], [1]], true, 2],
  ['an optional step that came too late is left out', [step(true), step(), step()], [[9], [1], [2]], true, 2],
  [
    'what comes early and again late hides nothing',
    [step(), step(true), step()],
    [[0, 8], [9], [1, 10]],
    true,
    3,
  ],
  ['several times', [step(false, 3), step()], [[0, 1, 4], [5]], true, 2],
  ['not often enough', [step(false, 3)], [[0, 1]], true, undefined],
  ['a needed one is missing', [step(true), step()], [[1], []], false, undefined],
] as const)('%s', (_, links, seen, ordered, count) => {
  expect(chainOf(links, seen, ordered)?.count).toBe(count);
});
