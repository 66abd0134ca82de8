/** Steps of a point of score that are told apart here, and nodes: both together are one number that sorts. */
const steps = 1_000;
const nodeRoom = 2 ** 32;

/**
 * Nodes by their scores, the worst first: all that was ranked at once as one number each, and beside it what has moved since. A tie is of
 * whoever came first.
 */
export class Ranking {
  readonly #sorted: Float64Array;
  readonly #listed: Uint8Array;
  readonly #moved = new Map<number, number>();
  #movedSorted: Float64Array | undefined;

  /** `scoreOf` gives the score of each node that is ranked, from 0 to 100, and undefined for the others. */
  constructor(nodes: number, scoreOf: (node: number) => number | undefined) {
    const keys = new Float64Array(nodes);
    this.#listed = new Uint8Array(nodes);
    let count = 0;
    for (let node = 0; node < nodes; node++) {
      const score = scoreOf(node);
      if (score === undefined) continue;
      this.#listed[node] = 1;
      keys[count++] = keyOf(node, score);
    }
    this.#sorted = keys.slice(0, count).sort();
  }

  has(node: number): boolean {
    return this.#listed[node] === 1 || this.#moved.has(node);
  }

  /** A node has come to a score. */
  move(node: number, score: number): void {
    this.#moved.set(node, keyOf(node, score));
    this.#movedSorted = undefined;
  }

  /** How many have moved since all was ranked. */
  get moved(): number {
    return this.#moved.size;
  }

  /** All, the worst first. Nothing may move meanwhile. */
  *nodes(): Generator<number> {
    this.#movedSorted ??= Float64Array.from(this.#moved.values()).sort();
    const moved = this.#movedSorted;
    let at = 0;
    for (const key of this.#sorted) {
      const node = key % nodeRoom;
      if (this.#moved.has(node)) continue;
      while (at < moved.length && moved[at]! < key) yield moved[at++]! % nodeRoom;
      yield node;
    }
    while (at < moved.length) yield moved[at++]! % nodeRoom;
  }
}

/** Small where the score is high; 17 bits of score and 32 of node are exact in a double. */
function keyOf(node: number, score: number): number {
  return (100 * steps - Math.round(score * steps)) * nodeRoom + node;
}
