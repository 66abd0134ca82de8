import { expect, test } from 'vitest';
import { sharder } from './shard.ts';

const of = (line: string, count: number) => {
  const bytes = Buffer.from(`before\n${line}\nafter "src_ip":"9.9.9.9"`);
  const from = 7;
  return Array.from({ length: count }, (_, index) =>
    sharder('src_ip', { index, count })(bytes, from, from + line.length),
  ).flatMap((mine, index) => (mine ? [index] : []));
};

test('each line belongs to exactly one shard, and all lines of a source to the same', () => {
  const shards = new Set<number>();
  for (let i = 0; i < 200; i++) {
    const ip = `203.0.113.${i}`;
    const [shard, ...more] = of(`{"eventid":"a","src_ip":"${ip}","session":"${i}"}`, 3);
    expect(more).toEqual([]);
    expect(of(`{"src_ip": "${ip}", "input": "x"}`, 3)).toEqual([shard]);
    shards.add(shard!);
  }
  expect(shards.size).toBe(3);
});

test('a text that quotes the key does not move its line, and a line without the key is taken once', () => {
  const real = of('{"src_ip":"203.0.113.7"}', 5);
  const input = JSON.stringify('echo "src_ip":"198.51.100.1"');
  expect(of(`{"input":${input},"src_ip":"203.0.113.7"}`, 5)).toEqual(real);
  expect(of('not json at all', 5)).toEqual([0]);
});
