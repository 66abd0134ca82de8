import { expect, it } from 'vitest';
import { seeded } from '../../kit/seeded.ts';
import { EdgeLog } from './edge-log.ts';
import { NodeTable } from './node-table.ts';

it.each([
  ['few nodes that are all wide', 20, 1],
  ['narrow ones', 4_000, 1],
  ['a few wide ones among many narrow ones', 2_000, 5],
])('has each edge once, at both ends, with its days: %s', (_, count, skew) => {
  const draw = seeded(count + skew);
  const node = () => Math.floor(draw() ** skew * count);
  const nodes = new NodeTable();
  for (let n = 0; n < count; n++) nodes.add(n, 0, n % 5);
  const log = new EdgeLog(nodes);
  const known = new Map<string, { at: number; first: number; last: number }>();
  let changed = 0;
  for (let n = 0; n < 20_000; n++) {
    const [one, two] = [node(), node()];
    if (one === two) continue;
    const [type, a, b, day] = [n % 3, Math.min(one, two), Math.max(one, two), Math.floor(draw() * 50)];
    const at = log.add(type, a, b, day);
    const key = `${type} ${a} ${b}`;
    const before = known.get(key);
    if (!before) {
      expect(at).toBe(known.size);
      known.set(key, { at, first: day, last: day });
    } else {
      expect(at).toBe(before.at);
      if (day >= before.first && day <= before.last) continue;
      before.first = Math.min(before.first, day);
      before.last = Math.max(before.last, day);
    }
    expect(log.changed).toBe(++changed);
  }
  expect(log.size).toBe(known.size);
  for (const [key, { at, first, last }] of known)
    expect([key, log.firstDay(at), log.lastDay(at)]).toEqual([
      `${log.type(at)} ${log.a(at)} ${log.b(at)}`,
      first,
      last,
    ]);
  let ends = 0;
  for (let at = 0; at < count; at++)
    log.each(at, (other, type, _day, edge) => {
      ends++;
      expect([log.type(edge), log.a(edge), log.b(edge)]).toEqual([
        type,
        Math.min(at, other),
        Math.max(at, other),
      ]);
    });
  expect(ends).toBe(2 * known.size);
});
