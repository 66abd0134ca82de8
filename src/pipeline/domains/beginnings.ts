import { z } from 'zod';

export const beginningLimits = {
  /** Days without any answers after which a source begins anew: what came meanwhile was not seen. */
  gapDays: 2,
  /** Sources that are remembered from start to start, those seen last. One more that comes back begins anew. */
  sources: 256,
  /** Spans of days that are remembered of each. */
  spans: 64,
  /** Days are counted since the epoch in 16 bits, as the graph has them. */
  day: 0xffff,
};

/** A source is known by its name, live and imported apart: a log that is imported day by day, under one name, goes on. */
export const sourceOf = (run: string, name: string) => `${run === 'live' ? 'live' : 'import'} ${name}`;

const daySchema = z.int().min(0).max(beginningLimits.day);

export const beginningsSchema = z.strictObject({
  /** The days on which sources began that are not followed any more. */
  days: z.array(daySchema).max(beginningLimits.day + 1),
  sources: z
    .array(
      z.tuple([z.string().max(128), z.array(z.tuple([daySchema, daySchema])).max(beginningLimits.spans)]),
    )
    .max(beginningLimits.sources),
});

export type StoredBeginnings = z.infer<typeof beginningsSchema>;

/** Days on which a source was looked at without a gap. */
type Span = [from: number, to: number];

/**
 * The days on which sources of answers began to be looked at, or did so anew after a gap. What was first seen on such a day may have been there
 * for long: nobody looked. A day too many only keeps something from being said of others, so that none leaves but by being seen to be no beginning.
 */
export class Beginnings {
  /** Of sources that left. */
  readonly #past: Set<number>;
  /** By source, in the order in which they were seen last: its spans, in their order. */
  readonly #sources: Map<string, Span[]>;
  /** Counts what has changed. */
  changes = 0;

  constructor({ days, sources }: StoredBeginnings = { days: [], sources: [] }) {
    this.#past = new Set(days);
    this.#sources = new Map(sources.map(([source, spans]) => [source, spans.map(([a, b]): Span => [a, b])]));
  }

  /** A source told of something that was seen from a day to another. */
  saw(source: string, from: number, to = from): void {
    if (!(from >= 0 && from <= to && to <= beginningLimits.day)) return;
    const before = this.#sources.get(source);
    const latest = before?.at(-1);
    // Most answers are of a day that is known.
    if (latest && from >= latest[0] && to <= latest[1]) return;
    this.#sources.delete(source);
    const spans = joined(before ?? [], [from, to]);
    this.#sources.set(source, spans);
    this.changes++;
    while (spans.length > beginningLimits.spans) this.#past.add(spans.shift()![0]);
    for (const one of this.#sources.keys()) {
      if (this.#sources.size <= beginningLimits.sources) break;
      this.#leave(one);
    }
  }

  /** Its days are kept, a source is not. */
  #leave(source: string): void {
    for (const [from] of this.#sources.get(source) ?? []) this.#past.add(from);
    this.#sources.delete(source);
  }

  /** Since the epoch, in their order. */
  days(): number[] {
    const all = new Set(this.#past);
    for (const spans of this.#sources.values()) for (const [from] of spans) all.add(from);
    return [...all].sort((a, b) => a - b);
  }

  stored(): StoredBeginnings {
    return { days: [...this.#past].sort((a, b) => a - b), sources: [...this.#sources] };
  }
}

/** Spans with one more; those that no gap parts are one. */
function joined(spans: readonly Span[], [from, to]: Span): Span[] {
  const apart = beginningLimits.gapDays + 1;
  const before = spans.filter(([, end]) => end + apart < from);
  const after = spans.filter(([start]) => start - apart > to);
  const met = spans.slice(before.length, spans.length - after.length);
  const one: Span = [
    Math.min(from, ...met.map(([start]) => start)),
    Math.max(to, ...met.map(([, end]) => end)),
  ];
  return [...before, one, ...after];
}
