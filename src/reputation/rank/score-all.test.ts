import { beforeAll, expect, it } from 'vitest';
import { seeded } from '../../kit/seeded.ts';
import { packageFolder } from '../../version.ts';
import { readWords, wordsFile } from '../names/read-words.ts';
import { type DomainScore, scoreRow } from './score.ts';
import { scoreAll, scoringLimits, type Unscored } from './score-all.ts';
import { Ledger, type Settled, teach } from './score-files.ts';
import { teaching } from './teach.ts';

let settled: Settled;
let wanted: number[];

beforeAll(() => {
  const draw = seeded(8);
  const letters = () => Array.from({ length: 8 }, () => 'abcdefghij'[Math.floor(draw() * 10)]).join('');
  const ledger = new Ledger();
  for (let n = 0; n < 600; n++) {
    const name = `${letters()}.com`;
    const bad = n % 2 === 0;
    const among = draw() < 0.9 ? bad : !bad;
    ledger.edge(`${name}\t${among ? '192.0.2' : '198.51.100'}.${Math.floor(draw() * 9)}`);
    if (n < 200) ledger.seed(`${name}\t${bad ? 'bad' : 'good'}`);
  }
  const quick = { ...teaching, votes: 2, trees: { ...teaching.trees, trees: 10 } };
  settled = teach(ledger, [], readWords(packageFolder(wordsFile)), () => {}, quick);
  wanted = Array.from({ length: 400 }, (_, n) => 200 + ((n * 7) % 400));
});

async function scored(rows: Iterable<number>, threads: number): Promise<(DomainScore | Unscored)[]> {
  const all: (DomainScore | Unscored)[] = [];
  for await (const one of scoreAll(settled.ranker, settled.rows, rows, threads)) all.push(one);
  return all;
}

it('gives the same, in the order that was asked for, whatever the number of threads', async () => {
  const alone = await scored(wanted, 1);
  expect(alone).toEqual(wanted.map((row) => scoreRow(settled.ranker, settled.rows, row)));
  for (const threads of [2, 5]) {
    const all = await scored(wanted, threads);
    expect(JSON.stringify(all) === JSON.stringify(alone)).toBe(true);
  }
});

it('leaves out a row that cannot be scored, and says so', async () => {
  const missing = settled.rows.table.length + 5;
  const rows = [...wanted.slice(0, 90), missing, ...wanted.slice(90)];
  for (const threads of [1, 2]) {
    const all = await scored(rows, threads);
    expect(all.flatMap((one, n) => ('problem' in one ? [{ n, row: one.row }] : []))).toEqual([
      { n: 90, row: missing },
    ]);
    expect(all.toSpliced(90, 1)).toEqual(wanted.map((row) => scoreRow(settled.ranker, settled.rows, row)));
  }
});

it('asks for no more rows than its threads have before them, and ends them once nobody asks', async () => {
  let asked = 0;
  function* endless() {
    for (;;) yield wanted[asked++ % wanted.length]!;
  }
  const scores = scoreAll(settled.ranker, settled.rows, endless(), 2);
  const threads = () => process.getActiveResourcesInfo().filter((one) => one === 'MessagePort').length;
  const before = threads();
  for (let n = 0; n < 100; n++) await scores.next();
  expect(asked).toBeLessThanOrEqual(7 * scoringLimits.batch);
  expect(threads()).toBeGreaterThan(before);
  await scores.return(undefined);
  expect(threads()).toBeLessThanOrEqual(before);
});
