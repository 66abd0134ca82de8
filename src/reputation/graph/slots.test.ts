import { expect, it } from 'vitest';
import { seeded } from '../../kit/seeded.ts';
import { Slots } from './slots.ts';

const all = (slots: Slots, hash: number) => {
  const found = new Set<number>();
  for (let id = slots.first(hash); id >= 0; id = slots.next()) found.add(id);
  return [...found].sort((a, b) => a - b);
};

it('finds every id of a hash at any moment while it doubles, and after it was stored', () => {
  const draw = seeded(3);
  const slots = new Slots();
  const seen: number[] = [];
  const known = new Map<number, number[]>();
  for (let id = 0; id < 20_000; id++) {
    // Few hashes, and all of them near each other: long chains.
    const hash = Math.floor(draw() * 4_000) + (id % 3 === 0 ? 0xffff_0000 : 0);
    slots.add(id, hash);
    known.set(hash, [...(known.get(hash) ?? []), id]);
    seen.push(hash);
    const asked = seen[Math.floor(draw() * seen.length)]!;
    if (id % 7 === 0) expect(all(slots, asked)).toEqual(known.get(asked));
  }
  const again = new Slots(20_000, slots.settled());
  for (const [hash, ids] of known) expect(all(again, hash)).toEqual(ids);
  expect(all(again, 0x1234_5678)).toEqual([]);
});
