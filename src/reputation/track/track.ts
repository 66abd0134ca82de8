import { Bounded } from '../../kit/bounded.ts';
import { type Class, classes } from '../rank/score.ts';
import { RecordFile } from './record-file.ts';

/** Each has its default; tests take less. */
export const trackLimits = {
  /** Names that stand below every threshold, the latest that moved, and names that came over one. */
  quiet: 200_000,
  crossed: 200_000,
  /** Points of one name: the oldest leave. */
  points: 180,
  /** Points of all: from then on a name that gets one loses its oldest. */
  all: 2_000_000,
  /** Bytes of the file from which on it is written anew with what still counts. */
  bytes: 32 * 1_024 * 1_024,
};
/** A score that moved by less than this since its last point is the same, where the class is. */
const material = 2;
const dayBits = 65_536;

/** A name's score on a day. */
export interface Point {
  day: number;
  score: number;
  class: Class;
}

/** What became of a name. */
interface Life {
  /** Each day × 65,536 + tenths of the score × 8 + class, so that a point costs one number. */
  points: number[];
  /** The day on which it first came to each class. */
  came: Map<Class, number>;
  /** The day on which it first came to the highest threshold, in no list. */
  since: number | null;
  /** The day on which a list first named it, as far as is known, and which. */
  listed: { day: number; feed: string } | null;
}

type Record =
  | ['p', name: string, packed: number]
  | ['c', name: string, place: number, day: number]
  | ['s', name: string, day: number]
  | ['l', name: string, day: number, feed: string];

/**
 * How names stood over time: a point on each day on which a score changed, when each came over a threshold, and when a list first named
 * it. On disk what happened is appended, and written anew once most of it no longer counts. What no limit has room for is counted.
 */
export class Track {
  readonly #limits: typeof trackLimits;
  readonly #quiet: Bounded<string, Life>;
  readonly #crossed = new Map<string, Life>();
  readonly #file: RecordFile;
  #rewriteAt: number;
  #points = 0;
  /** Names that a limit had no room for, or pushed out. */
  refused = 0;

  constructor(path: string, limits: Partial<typeof trackLimits> = {}) {
    this.#limits = { ...trackLimits, ...limits };
    this.#quiet = new Bounded(this.#limits.quiet, (_name, { points }) => {
      this.#points -= points.length;
      this.refused++;
    });
    this.#file = new RecordFile(path, (record) => this.#apply(record as Record));
    this.#rewriteAt = Math.max(this.#limits.bytes, 2 * this.#file.bytes);
  }

  /** Bytes at the end of the file that were not whole when it was opened. */
  get cut(): number {
    return this.#file.cut;
  }

  /** Whether anything is kept of a name. */
  follows(name: string): boolean {
    return this.#life(name) !== undefined;
  }

  /** All names that something is kept of. */
  *names(): Generator<string> {
    for (const lives of [this.#crossed.keys(), this.#quiet.entries()])
      for (const one of lives) yield typeof one === 'string' ? one : one[0];
  }

  /** A name stands at a score. Kept where that differs from its last point; of one day the last counts. */
  point(name: string, { day, score, class: kind }: Point): void {
    const tenths = Math.round(score * 10);
    const last = this.#life(name)?.points.at(-1);
    if (last !== undefined) {
      const before = unpacked(last);
      if (before.class === kind && Math.abs(before.score - score) < material) return;
      if (before.day > day) return;
    }
    this.#say(['p', name, day * dayBits + tenths * 8 + classes.indexOf(kind)]);
  }

  /** A name came to a class on a day. False where it had come to it before, or no limit has room for it. */
  come(name: string, kind: Class, day: number): boolean {
    if (this.came(name, kind)) return false;
    return this.#say(['c', name, classes.indexOf(kind), day]);
  }

  came(name: string, kind: Class): boolean {
    return this.#crossed.get(name)?.came.has(kind) ?? false;
  }

  /** A name that no list has came to the highest threshold. */
  cross(name: string, day: number): void {
    if (this.since(name) === null) this.#say(['s', name, day]);
  }

  /** The day on which a name came to the highest threshold; null where it has not, or a list had it before. */
  since(name: string): number | null {
    return this.#crossed.get(name)?.since ?? null;
  }

  /** A list names a name since a day, as far as is known. The earliest counts. */
  list(name: string, day: number, feed: string): void {
    const before = this.#life(name)?.listed;
    if (before && before.day <= day) return;
    this.#say(['l', name, day, feed]);
  }

  /** Null where nothing is kept of a name. */
  of(name: string): { history: Point[]; since: number | null; listed: Life['listed'] } | null {
    const life = this.#life(name);
    return life ? { history: life.points.map(unpacked), since: life.since, listed: life.listed } : null;
  }

  /** Names that came to the highest threshold before any list was known to have them, and when one had. */
  *crossings(): Generator<{ name: string; day: number; listed: number | null }> {
    for (const [name, { since, listed }] of this.#crossed)
      if (since !== null) yield { name, day: since, listed: listed?.day ?? null };
  }

  /** Comes back once everything so far is on disk. */
  flush(): void {
    if (this.#file.bytes > this.#rewriteAt) {
      this.#file.rewrite(this.#records());
      this.#rewriteAt = Math.max(this.#limits.bytes, 2 * this.#file.bytes);
    } else this.#file.flush();
  }

  close(): void {
    this.#file.close();
  }

  #life(name: string): Life | undefined {
    return this.#crossed.get(name) ?? this.#quiet.peek(name);
  }

  #say(record: Record): boolean {
    if (!this.#apply(record)) return false;
    this.#file.add(record);
    return true;
  }

  #apply(record: Record): boolean {
    const [kind, name] = record;
    let life = this.#life(name);
    if ((kind === 'c' || kind === 's') && !this.#crossed.has(name)) {
      if (this.#crossed.size >= this.#limits.crossed) {
        this.refused++;
        return false;
      }
      life ??= newLife();
      this.#quiet.delete(name);
      this.#crossed.set(name, life);
    } else if (!this.#crossed.has(name)) {
      life ??= newLife();
      this.#quiet.set(name, life);
    }
    if (!life) return false;
    if (kind === 'p') {
      const last = life.points.at(-1);
      if (last !== undefined && unpacked(last).day === unpacked(record[2]).day)
        this.#points -= life.points.splice(-1).length;
      this.#points += 1;
      life.points.push(record[2]);
      const full = this.#points > this.#limits.all && life.points.length > 1;
      if (full || life.points.length > this.#limits.points) this.#points -= life.points.splice(0, 1).length;
    } else if (kind === 'c') {
      const place = classes[record[2]];
      if (place !== undefined && !life.came.has(place)) life.came.set(place, record[3]);
    } else if (kind === 's') life.since ??= record[2];
    else life.listed = { day: record[2], feed: record[3] };
    return true;
  }

  /** What still counts, so that reading it pushes nobody out. */
  *#records(): Generator<Record> {
    for (const lives of [this.#crossed.entries(), this.#quiet.entries()])
      for (const [name, { points, came, since, listed }] of lives) {
        for (const [kind, day] of came) yield ['c', name, classes.indexOf(kind), day];
        if (since !== null) yield ['s', name, since];
        for (const packed of points) yield ['p', name, packed];
        if (listed) yield ['l', name, listed.day, listed.feed];
      }
  }
}

const newLife = (): Life => ({ points: [], came: new Map(), since: null, listed: null });

function unpacked(packed: number): Point {
  const rest = packed % dayBits;
  return {
    day: Math.floor(packed / dayBits),
    score: (rest >> 3) / 10,
    class: classes[rest & 7] ?? 'Unknown',
  };
}
