import { bootstrap, type Interval } from '../src/reputation/learn/bootstrap.ts';

/** The mean of figures that count alike (one a family), with its interval by drawing them anew. Null of none. */
export function macroMean(figures: readonly number[]): Interval | null {
  return bootstrap(
    { scores: Float64Array.from(figures), labels: new Uint8Array(figures.length) },
    Uint32Array.from(figures, (_, i) => i),
    ({ scores, counts }) => {
      let sum = 0;
      let all = 0;
      scores.forEach((score, i) => {
        const count = counts ? counts[i]! : 1;
        sum += count * score;
        all += count;
      });
      return all === 0 ? null : sum / all;
    },
    { rounds: 2000, seed: 1 },
  );
}
