import { availableParallelism } from 'node:os';
import { ahead, type Explainers, startExplainers } from './explainers.ts';
import { featuresOf, type Ranker, type Rows, widthOf } from './ranker.ts';
import { type DomainScore, scoreBy } from './score.ts';

/** Rows that go to a thread at once, and threads at most. */
export const scoringLimits = { batch: 64, threads: 256 };

/** As many threads as there are processors. */
export const scoringThreads = () => Math.min(availableParallelism(), scoringLimits.threads);

/** A row that no score could be found of, by a bug: the others have theirs. */
export interface Unscored {
  row: number;
  problem: string;
}

/** Rows on their way through a thread: their features, and those that have none. */
interface Batch {
  rows: readonly number[];
  features: Float32Array;
  problems: Map<number, string>;
  explained: ReturnType<Explainers['explain']>;
}

/**
 * Scores rows in their order, with reasons, which take most of the time: these are found by threads, the rest by the caller's. At most `ahead`
 * batches a thread are under way. Whoever stops asking ends the threads. What comes is the same whatever the number of threads.
 */
export async function* scoreAll(
  ranker: Ranker,
  rows: Rows,
  wanted: Iterable<number>,
  threads = scoringThreads(),
): AsyncGenerator<DomainScore | Unscored> {
  const many = Math.min(threads, scoringLimits.threads);
  const explainers = startExplainers(ranker.forests, many);
  const under: Batch[] = [];
  try {
    for (const some of batches(wanted)) {
      under.push(begin(ranker, rows, some, explainers));
      if (under.length >= many * ahead) yield* finish(ranker, rows, under.shift()!);
    }
    for (let one = under.shift(); one; one = under.shift()) yield* finish(ranker, rows, one);
  } finally {
    await explainers.close();
  }
}

function* batches(wanted: Iterable<number>): Generator<number[]> {
  let some: number[] = [];
  for (const row of wanted) {
    some.push(row);
    if (some.length < scoringLimits.batch) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}

function begin(ranker: Ranker, rows: Rows, some: readonly number[], explainers: Explainers): Batch {
  const width = widthOf(rows);
  const features = new Float32Array(some.length * width);
  const problems = new Map<number, string>();
  some.forEach((row, n) => {
    try {
      featuresOf(ranker, rows, row, features, n * width);
    } catch (cause) {
      problems.set(n, String(cause));
    }
  });
  const explained = explainers.explain(features.slice());
  // Told of once its turn comes.
  explained.catch(() => {});
  return { rows: some, features, problems, explained };
}

async function* finish(ranker: Ranker, rows: Rows, batch: Batch): AsyncGenerator<DomainScore | Unscored> {
  const width = widthOf(rows);
  const { shares, starts, problem } = await batch.explained;
  for (const [n, row] of batch.rows.entries()) {
    const [from, to] = [n * width, (n + 1) * width];
    const before = batch.problems.get(n) ?? (Number.isNaN(starts[n]) ? problem : null);
    yield before === null
      ? tried(row, () =>
          scoreBy(ranker, rows, row, batch.features.subarray(from, to), {
            start: starts[n]!,
            shares: shares.subarray(from, to),
          }),
        )
      : { row, problem: before };
  }
}

function tried(row: number, score: () => DomainScore): DomainScore | Unscored {
  try {
    return score();
  } catch (cause) {
    return { row, problem: String(cause) };
  }
}
