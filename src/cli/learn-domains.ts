import { createHash } from 'node:crypto';
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { writeAtomic } from '../kit/atomic-file.ts';
import { normalName } from '../kit/domain-name.ts';
import { Fault, type Remedy } from '../kit/fault.ts';
import { printable } from '../kit/printable.ts';
import { auc, precisionAt, tprAtFpr } from '../reputation/learn/metrics.ts';
import { readWords, wordsFile } from '../reputation/names/read-words.ts';
import { encodeRanker, openRanker, type RankerModel } from '../reputation/rank/ranker-file.ts';
import type { DomainScore } from '../reputation/rank/score.ts';
import { scoreAll, scoringLimits, scoringThreads } from '../reputation/rank/score-all.ts';
import {
  Ledger,
  leastLabelled,
  mostLabelled,
  seedsOf,
  settle,
  teach,
} from '../reputation/rank/score-files.ts';
import { packageFolder } from '../version.ts';
import type { Context } from './command.ts';
import { linesIn, unpacked } from './lines.ts';
import { whole } from './number.ts';

/** Names that one call scores. */
const limits = { names: 5_000_000 };

/** `domains train`: teaches a ranker with the edges and labels of files, and writes it as one. The same files give the same bytes. */
export function trainDomains({ options, out }: Context): number {
  const began = performance.now();
  const wrong: Remedy[] = [];
  const target = resolve(String(options.out ?? 'graph.model'));
  const ledger = new Ledger();
  const graph = fileOf(options, 'graph', 'edges: name, tab, address or name; one a line', wrong);
  for (const line of graph) ledger.edge(line);
  if (options.graph !== undefined && wrong.length === 0 && ledger.graph.edges === 0)
    wrong.push({
      path: `--graph ${options.graph}`,
      expected: 'an edge at least',
      remedy: 'A line is a name, a tab, and an address or a name that it leads to.',
    });
  const before = wrong.length;
  const labels = fileOf(options, 'labels', 'name, comma or tab, malicious or benign; one a line', wrong);
  for (const line of labels) ledger.seed(line);
  if (options.labels !== undefined && wrong.length === before)
    for (const [kind, label] of [
      ['malicious', 1],
      ['benign', -1],
    ] as const) {
      const count = ledger.count(label);
      if (count < leastLabelled)
        wrong.push({
          path: `--labels ${options.labels}`,
          expected: `${leastLabelled} ${kind} names at least, not ${count}`,
          remedy: `Label ${leastLabelled - count} more: nothing can be learnt from fewer.`,
        });
    }
  if (ledger.labels.size > mostLabelled)
    wrong.push({
      path: `--labels ${options.labels}`,
      expected: `${mostLabelled} names at most, not ${ledger.labels.size}`,
      remedy: 'Leave out what is like the rest: popular names, and most of the large families.',
    });
  const where = unwritable(target);
  if (where !== null) wrong.push(where);
  if (wrong.length > 0)
    throw new Fault('usage', 'Nothing was learnt, and nothing written.', { remedies: wrong });
  const packedWords = readFileSync(packageFolder(wordsFile));
  const taught = teach(ledger, [], readWords(packageFolder(wordsFile)), (line) => out.progress(line));
  const bytes = encodeRanker(taught.ranker, seedsOf(taught), packedWords);
  writeAtomic(target, bytes);
  const { heldOut } = taught.ranker;
  const told = {
    model: target,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    bad: ledger.count(1),
    good: ledger.count(-1),
    names: taught.rows.table.length,
    edges: ledger.graph.edges,
    refused: Object.fromEntries(ledger.refused),
    held_out: {
      auc: rounded(auc(heldOut)),
      tpr_at_1pct: rounded(tprAtFpr(heldOut, 0.01)),
      precision_at_500: rounded(precisionAt(heldOut, 500)),
    },
    seconds: rounded((performance.now() - began) / 1_000),
  };
  out.item(told, () => [
    `${printable(target, 200)}: ${told.bytes} bytes, SHA-256 ${told.sha256}`,
    `taught with ${told.bad} bad and ${told.good} good names among ${told.names}, and ${told.edges} edges`,
    `names held out by registered domain: AUC ${told.held_out.auc}, TPR at 1 % FPR ${told.held_out.tpr_at_1pct ?? 'not told, too few good names'}`,
  ]);
  if (ledger.refused.size > 0) out.note(`left out${refusedOf(ledger)}`);
  return 0;
}

/** `domains score`: names of a file, in the graph of another, by labels of a third or a model. */
export async function scoreDomains({ options, out }: Context): Promise<number> {
  const threads = options.threads === undefined ? scoringThreads() : whole('--threads', options.threads);
  if (threads < 1 || threads > scoringLimits.threads)
    throw new Fault('usage', `--threads is from 1 to ${scoringLimits.threads}.`);
  const wrong: Remedy[] = [];
  const ledger = new Ledger();
  const model = typeof options.model === 'string' ? modelOf(options.model, wrong) : null;
  for (const line of fileOf(options, 'edges', 'edges: name, tab, address or name; one a line', wrong))
    ledger.edge(line);
  if (options.model === undefined || options.seeds !== undefined)
    for (const line of fileOf(options, 'seeds', 'name, tab, malicious or benign; or --model', wrong))
      ledger.seed(line);
  const names: string[] = [];
  let refused = 0;
  for (const line of fileOf(options, 'names', 'names to score, one a line', wrong)) {
    const name = normalName(line.split('\t')[0]!.trim());
    if (name === null) refused++;
    else if (names.length < limits.names) names.push(name);
    else throw new Fault('usage', `More than ${limits.names} names at once.`);
  }
  if (wrong.length > 0) throw new Fault('usage', 'Nothing was scored.', { remedies: wrong });
  let settled: ReturnType<typeof settle>;
  try {
    settled = model
      ? settle(model, ledger, names)
      : teach(ledger, names, readWords(packageFolder(wordsFile)), (line) => out.note(line));
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new Fault('usage', `Nothing can be learnt from --seeds: ${cause.message}.`);
  }
  const { ranker, rows } = settled;
  const rowOf = new Map(rows.table.parts.map(({ name }, row) => [name, row]));
  const wanted = names.map((name) => rowOf.get(name)!);
  let done = 0;
  const unscored: string[] = [];
  for await (const one of scoreAll(ranker, rows, wanted, Math.min(threads, threadsFor(names.length)))) {
    if ('problem' in one) unscored.push(one.problem);
    else out.item(told(one), () => shown(one));
    if (++done % scoringLimits.batch === 0) out.progress(`${done} of ${names.length} names scored`);
  }
  const bugs =
    unscored.length > 0 ? `; ${unscored.length} could not be scored: ${printable(unscored[0]!, 200)}` : '';
  out.note(
    `${names.length - unscored.length} names scored${bugs}; ${refused} were no domain names${refusedOf(ledger)}`,
  );
  return unscored.length > 0 ? 1 : 0;
}

/** A thread more is worth its start only where it has some batches to do. */
const threadsFor = (names: number) => Math.max(1, Math.floor(names / (4 * scoringLimits.batch)));

/** A score as programs read it: rounded so that what is shown still sums up. */
function told(scored: DomainScore) {
  const round = (value: number) => Math.round(value * 1e6) / 1e6;
  return {
    ...scored,
    score: round(scored.score),
    base: round(scored.base),
    confidence: round(scored.confidence),
    reasons: scored.reasons.map(({ says, points }) => ({ says, points: round(points) })),
  };
}

function shown({ name, score: value, class: kind, reasons }: DomainScore): string {
  const why = reasons
    .slice(0, 3)
    .map(({ says, points }) => `${points >= 0 ? '+' : ''}${points.toFixed(0)} ${says}`)
    .join('; ');
  return `${value.toFixed(0).padStart(3)}  ${kind.padEnd(10)}  ${printable(name, 60).padEnd(40)}  ${printable(why, 160)}`;
}

function refusedOf({ refused }: Ledger): string {
  return [...refused].map(([reason, count]) => `; ${count} lines: ${reason}`).join('');
}

function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toFixed(4));
}

function modelOf(path: string, wrong: Remedy[]): RankerModel | null {
  try {
    return openRanker(readFileSync(path));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    wrong.push({ path: `--model ${path}`, expected: 'what domains train wrote', remedy: why });
    return null;
  }
}

/** The lines of a file that an option names, none and a remedy where there is no such option or file. */
function fileOf(
  options: Context['options'],
  name: 'graph' | 'labels' | 'edges' | 'seeds' | 'names',
  expected: string,
  wrong: Remedy[],
): Iterable<string> {
  const path = options[name];
  if (typeof path !== 'string') {
    wrong.push({ path: `--${name}`, expected: `a file of ${expected}`, remedy: `Add --${name} FILE.` });
    return [];
  }
  try {
    return linesIn(unpacked(path));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    wrong.push({ path: `--${name} ${path}`, expected, remedy: `It cannot be read: ${why}.` });
    return [];
  }
}

/** Why nothing can be written there; null where it can. */
function unwritable(target: string): Remedy | null {
  const expected = 'a file in a folder that can be written to';
  try {
    if (statSync(target, { throwIfNoEntry: false })?.isDirectory())
      return { path: `--out ${target}`, expected, remedy: 'It is a folder: name a file in it.' };
    accessSync(dirname(target), constants.W_OK);
    return null;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return { path: `--out ${target}`, expected, remedy: `Make the folder, or name another: ${why}.` };
  }
}
