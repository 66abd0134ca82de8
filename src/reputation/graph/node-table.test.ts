import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EdgeLog } from './edge-log.ts';
import { NodeTable } from './node-table.ts';

const records = fc.array(
  fc.record({
    words: fc.nat(255),
    none: fc.nat(3),
    kind: fc.nat(255),
    flags: fc.nat(255),
    first: fc.nat(0xffff),
    last: fc.nat(0xffff),
    edges: fc.nat(300),
  }),
  { minLength: 1, maxLength: 40 },
);

it('keeps what a node is apart from what others are, whatever the order in which it is told', () => {
  fc.assert(
    fc.property(records, fc.boolean(), (all, flagsFirst) => {
      const table = new NodeTable(new Uint32Array(4));
      let end = 0;
      const ends = all.map(({ words, none, kind }, node) => {
        const start = end;
        end += words;
        table.add(node, end, kind | ((words > 0 ? none : 0) << 8));
        return { start, end };
      });
      all.forEach(({ flags, first, last, edges }, node) => {
        if (flagsFirst) table.setFlags(node, flags);
        table.setDays(node, first, last);
        for (let n = 0; n < edges; n++) expect(table.link(node, n)).toBe(Math.min(n, 255) + 1);
        if (!flagsFirst) table.setFlags(node, flags);
      });
      const told = () =>
        all.map((_, node) => ({
          start: table.start(node),
          end: table.end(node),
          kind: table.kind(node),
          none: table.tag(node) >>> 8,
          flags: table.flags(node),
          first: table.firstDay(node),
          last: table.lastDay(node),
          latest: table.latest(node),
          count: table.count(node),
        }));
      const expected = all.map(({ words, none, kind, flags, first, last, edges }, node) => ({
        ...{ ...ends[node]!, kind, none: words > 0 ? none : 0, flags, first, last },
        ...{ latest: edges, count: Math.min(edges, 255) },
      }));
      expect(told()).toEqual(expected);
      table.unlink(all.length);
      expect(told()).toEqual(expected.map((one) => ({ ...one, latest: 0, count: 0 })));
    }),
  );
});

it('does not take records whose keys overlap, or lie where there are no words', () => {
  const table = new NodeTable();
  table.add(0, 2, 0x300);
  table.add(1, 3, 0x100);
  const stored = (change: (words: Uint32Array) => void = () => {}) => {
    const words = table.records(2).slice();
    change(words);
    return new NodeTable(words);
  };
  expect(stored().sound(2, 3)).toBe(true);
  expect(stored().sound(2, 2)).toBe(false);
  expect(stored().sound(3, 3)).toBe(false);
  expect(stored((words) => words.fill(1, 4, 5)).sound(2, 3)).toBe(false);
  expect(stored((words) => words.fill(0x4_000_000, 2, 3)).sound(2, 3)).toBe(false);
});

it('keeps the first and the last day apart, whatever a clock says', () => {
  const table = new NodeTable();
  const log = new EdgeLog(table);
  for (const node of [0, 1]) table.add(node, 0, 0);
  for (const day of [-1, 65_536 + 7, 2_932_896]) {
    table.setDays(0, day, 9);
    expect([table.firstDay(0), table.lastDay(0)]).toEqual([day & 0xffff, 9]);
    const edge = log.add(Math.abs(day) % 9, 0, 1, day);
    expect([log.firstDay(edge), log.lastDay(edge)]).toEqual([day & 0xffff, day & 0xffff]);
    log.add(log.type(edge), 0, 1, day + 1);
    log.add(log.type(edge), 0, 1, -5);
    expect([log.a(edge), log.b(edge), log.firstDay(edge)]).toEqual([0, 1, -5 & 0xffff]);
  }
});
