import { expect, it } from 'vitest';
import { eventOf } from '../../analysis/event-fixture.ts';
import { RowWriter, readRows } from '../../lake/index.ts';
import { packRows, unpackRows } from './event-messages.ts';

const writer = new RowWriter('live');
for (let n = 0; n < 500; n++) {
  const ip = n % 5 ? `192.0.2.${n % 50}` : `2001:db8:0:${n % 7}::${n}`;
  const event = eventOf({ kind: 'command', input: `line ${n}` }, { src: { ip, port: 40_000 } });
  writer.write(event, () => ({ asn: 0, country: '' }));
}
const rows = Buffer.from(writer.take());
const inputs = (data: Uint8Array) => [...readRows(unpackRows(data).rows)].map(({ event }) => event);

it('brings every row once, each source and each /64 in one shard and in its order', () => {
  const packed = packRows(rows, 4);
  const all = packed.flatMap(({ shard, data }) => inputs(data).map((event) => ({ shard, event })));
  expect(all).toHaveLength(500);
  expect(packed.reduce((sum, { data }) => sum + unpackRows(data).count, 0)).toBe(500);
  expect(new Set(all.map(({ shard }) => shard)).size).toBe(4);
  const homes = new Map<string, { shard: number; last: number }>();
  for (const { shard, event } of all) {
    const key = event.src.ip.includes(':') ? event.src.ip.split('::')[0]! : event.src.ip;
    const number = Number((event as { input: string }).input.slice(5));
    const home = homes.get(key);
    if (home) expect(shard).toBe(home.shard);
    expect(number).toBeGreaterThan(home?.last ?? -1);
    homes.set(key, { shard, last: number });
  }
});

it('keeps messages below the limit, and makes the same of the same', () => {
  const packed = packRows(rows, 2, 2_000);
  for (const { data } of packed) expect(data.length).toBeLessThanOrEqual(2_000);
  expect(packed.flatMap(({ data }) => inputs(data))).toHaveLength(500);
  expect(packRows(rows, 2, 2_000)).toEqual(packed);
  expect(packRows(Buffer.alloc(0), 2)).toEqual([]);
  expect(() => unpackRows(new Uint8Array(3))).toThrow('no header');
});
