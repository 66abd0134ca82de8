import { seeded } from '../../kit/seeded.ts';
import { ranking, type Scored } from './metrics.ts';

/** A figure with the interval that 95 of 100 such samples would put it in. */
export interface Interval {
  value: number;
  low: number;
  high: number;
}

export interface BootstrapOptions {
  rounds: number;
  seed: number;
}

/**
 * A figure with its bootstrap percentile interval (Efron 1979), drawn by group: rows of one group (one registered domain) come and go
 * together, because they are not independent. Null where the figure is refused on the sample itself, or on a tenth of the draws.
 */
export function bootstrap(
  scored: Scored,
  groups: Uint32Array,
  figure: (scored: Scored, order: Uint32Array) => number | null,
  { rounds, seed }: BootstrapOptions = { rounds: 200, seed: 1 },
): Interval | null {
  const order = ranking(scored.scores);
  const value = figure(scored, order);
  if (value === null) return null;
  let last = 0;
  for (const group of groups) last = Math.max(last, group);
  const drawn = new Uint32Array(last + 1);
  const counts = new Uint32Array(groups.length);
  const draw = seeded(seed);
  const figures: number[] = [];
  for (let round = 0; round < rounds; round++) {
    drawn.fill(0);
    for (let i = 0; i <= last; i++) drawn[Math.floor(draw() * (last + 1))]!++;
    for (let i = 0; i < groups.length; i++) counts[i] = drawn[groups[i]!]!;
    const one = figure({ ...scored, counts }, order);
    if (one !== null) figures.push(one);
  }
  if (figures.length < 0.9 * rounds) return null;
  figures.sort((a, b) => a - b);
  const at = (share: number) => figures[Math.min(figures.length - 1, Math.floor(share * figures.length))]!;
  return { value, low: at(0.025), high: at(0.975) };
}

/** Numbers for groups that are told by text, in the order in which they first appear. */
export function groupNumbers(groups: readonly string[]): Uint32Array {
  const numbers = new Map<string, number>();
  return Uint32Array.from(groups, (group) => {
    const number = numbers.get(group) ?? numbers.size;
    numbers.set(group, number);
    return number;
  });
}
