import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Fault } from '../../kit/fault.ts';
import { seeded } from '../../kit/seeded.ts';
import { packageFolder } from '../../version.ts';
import { readWords, wordsFile } from '../names/read-words.ts';
import { encodeRanker, openRanker } from './ranker-file.ts';
import { scoreRow } from './score.ts';
import { Ledger, leastLabelled, seedsOf, settle, teach } from './score-files.ts';
import { teaching } from './teach.ts';

const words = readFileSync(packageFolder(wordsFile));
const draw = seeded(3);
const letters = () => Array.from({ length: 8 }, () => 'abcdefghij'[Math.floor(draw() * 10)]).join('');

/** Bad and good names whose letters say nothing, most of them among their like. */
function ledgerOf(count: number): { ledger: Ledger; names: string[]; edges: string[] } {
  const ledger = new Ledger();
  const names: string[] = [];
  const edges: string[] = [];
  for (let n = 0; n < count; n++) {
    const name = `${letters()}.com`;
    names.push(name);
    const bad = n % 2 === 0;
    const among = draw() < 0.9 ? bad : !bad;
    edges.push(`${name}\t${among ? '192.0.2' : '198.51.100'}.${Math.floor(draw() * 5)}`);
    ledger.edge(edges[n]!);
    ledger.seed(`${name}\t${bad ? 'bad' : 'good'}`);
  }
  return { ledger, names, edges };
}

const quick = { ...teaching, votes: 2, trees: { ...teaching.trees, trees: 20, minChildWeight: 2 } };

it('reads back what scores as what was written, in the graph that it was taught in and in another', () => {
  const { ledger, names, edges } = ledgerOf(200);
  const taught = teach(ledger, [], readWords(packageFolder(wordsFile)), () => {}, quick);
  const bytes = encodeRanker(taught.ranker, seedsOf(taught), words);
  expect(encodeRanker(taught.ranker, seedsOf(taught), words).equals(bytes)).toBe(true);
  const model = openRanker(bytes);
  expect(model.seeds).toHaveLength(200);
  const again = new Ledger();
  const other = new Ledger();
  edges.forEach((edge, n) => {
    again.edge(edge);
    other.edge(`${names[n]}\t203.0.113.9`);
  });
  const here = settle(model, again, []);
  const there = settle(model, other, []);
  const scoreOf = ({ ranker, rows }: typeof here, name: string) => {
    const row = rows.table.parts.findIndex((one) => one.name === name);
    return scoreRow(ranker, rows, row).score;
  };
  for (const name of names.slice(0, 20)) expect(scoreOf(here, name)).toBe(scoreOf(taught, name));
  expect(names.slice(0, 20).some((name) => scoreOf(there, name) !== scoreOf(here, name))).toBe(true);

  for (const wrong of [
    bytes.subarray(0, bytes.length - 1),
    bytes.subarray(0, 40),
    Buffer.concat([bytes, Buffer.from('x')]),
    readFileSync(packageFolder('models/names.model')),
    new Uint8Array(),
  ])
    expect(() => openRanker(wrong)).toThrow(Fault);
});

it('learns nothing from a handful', () => {
  const { ledger } = ledgerOf(2 * leastLabelled - 2);
  expect(() => teach(ledger, [], readWords(packageFolder(wordsFile)), () => {})).toThrow(
    `${leastLabelled} bad names are needed at least, not ${leastLabelled - 1}`,
  );
});
