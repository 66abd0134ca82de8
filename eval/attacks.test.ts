import { expect, it } from 'vitest';
import { seeded } from '../src/kit/seeded.ts';
import { attackDay, buyNeighbours, frame, hostsOf, moveTo } from './attacks.ts';

const day = attackDay - 1;
const edges = [
  { name: 'bad', ip: 'x', day },
  { name: 'good', ip: 'y', day },
  { name: 'fine', ip: 'y', day },
  { name: 'fine', ip: 'z', day },
];

it('buys so many addresses for each name, among those that are for sale, a day after what is known', () => {
  const after = buyNeighbours(edges, ['bad', 'worse'], ['y', 'z'], 10, seeded(1));
  expect(after.slice(0, edges.length)).toEqual(edges);
  const more = after.slice(edges.length);
  expect(more.filter(({ name }) => name === 'bad')).toHaveLength(10);
  expect(more.filter(({ name }) => name === 'worse')).toHaveLength(10);
  expect(new Set(more.map(({ ip }) => ip))).toEqual(new Set(['y', 'z']));
  expect(more.every((edge) => edge.day === attackDay)).toBe(true);
  expect(buyNeighbours(edges, ['bad', 'worse'], ['y', 'z'], 10, seeded(1))).toEqual(after);
});

it('moves names wholly, and leaves the others where they are', () => {
  const after = moveTo(edges, new Set(['fine', 'nowhere']), 'shared');
  expect(after).toEqual([
    ...edges.slice(0, 2),
    { name: 'fine', ip: 'shared', day: attackDay },
    { name: 'nowhere', ip: 'shared', day: attackDay },
  ]);
});

it('points those who are known at a victim, and not at one without an address', () => {
  const after = frame(edges, ['good', 'homeless'], ['bad'], 3, seeded(1));
  expect(after.slice(edges.length)).toEqual(
    Array.from({ length: 3 }, () => ({ name: 'bad', ip: 'y', day: attackDay })),
  );
});

it('knows the addresses of good names, the most crowded last', () => {
  expect(hostsOf(edges, new Set(['good', 'fine']))).toEqual(['z', 'y']);
  expect(hostsOf(edges, new Set())).toEqual([]);
});
