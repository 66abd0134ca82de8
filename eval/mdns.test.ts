import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { typeNumber } from '../src/reputation/graph/kinds.ts';
import { readMdns } from './mdns.ts';
import { folderOf } from './reputation.ts';

const root = mkdtempSync(join(tmpdir(), 'caltrop-mdns-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const folder = join(root, 'mdns');
mkdirSync(folder);
const put = (name: string, lines: string[]) =>
  writeFileSync(join(folder, name), gzipSync(`${lines.join('\n')}\n`));
put('names_labels.tsv.gz', [
  'node_id\tname\tlabel\tfold',
  'd1\twww.one.example\tmalicious\t0',
  'd2\tmail.one.example\tbenign\t0',
  'd3\ttwo.example\t\t4',
]);
put('nodes_ip.tsv.gz', ['node_id\tf0\tf1', 'i1\t0.5\t0.25', 'i2\t0.5\t0.25']);
put('nodes_domain.tsv.gz', [
  `node_id\t${Array.from({ length: 10 }, (_, n) => `f${n}`).join('\t')}`,
  `d1\t${Array.from({ length: 10 }, (_, n) => n).join('\t')}`,
]);
put('edges.tsv.gz', [
  'source\ttarget\ttype',
  'd1\ti1\tresolves',
  'i2\td2\tresolves',
  'd1\td3\tsimilar',
  'd1\td2\tapex',
]);

it('reads names, labels, folds and edges, whichever way round an edge stands', () => {
  const { graph, rows, labels, folds, ids, rowsIn } = readMdns(folder);
  expect([...labels]).toEqual([1, -1, 0]);
  expect([...folds]).toEqual([0, 0, 4]);
  expect(ids).toEqual(['d1', 'd2', 'd3']);
  expect(rowsIn).toBe(3 + 4);
  // Names of one registered domain are one group: they are never learnt from and measured on at once.
  expect(rows.groups).toEqual(['one.example', 'one.example', 'two.example']);
  const around = (row: number, type: keyof typeof typeNumber) => {
    const found: string[] = [];
    graph.each(rows.nodes[row]!, (other, one) => {
      if (one === typeNumber[type]) found.push(graph.nodes.text(other));
    });
    return found;
  };
  expect(around(0, 'resolves')).toEqual(['i1']);
  expect(around(1, 'resolves')).toEqual(['i2']);
  expect(around(0, 'lookalike')).toEqual(['two.example']);
  expect([...rows.extra!.values.slice(0, 10)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(rows.extra!.values.slice(10).every(Number.isNaN)).toBe(true);
});

it('lets an attacker alter who resolves to what, and nothing else', () => {
  const { graph, rows, labels } = readMdns(folder, (edges) =>
    edges.map((edge) => (edge.name === 'd1' ? { ...edge, ip: 'i2' } : edge)),
  );
  const found: string[] = [];
  graph.each(rows.nodes[0]!, (other, type) => {
    if (type === typeNumber.resolves) found.push(graph.nodes.text(other));
  });
  expect(found).toEqual(['i2']);
  expect([...labels]).toEqual([1, -1, 0]);
});

it('finds its folder in that of all data, and says what is not there', () => {
  expect(folderOf(root)).toBe(folder);
  expect(folderOf(folder)).toBe(folder);
  expect(() => readMdns(join(root, 'none'))).toThrow(/is not there: --data/);
});
