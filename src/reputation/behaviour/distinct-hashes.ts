/**
 * Counts different things up to a limit, each by a 32-bit hash with the time of its last sight, and forgets those that were last seen
 * before a time. At the limit the oldest leaves: what is counted never grows beyond it.
 */
export class DistinctHashes {
  readonly #limit: number;
  // Most names have few: room is made as it is needed, up to the limit.
  #hashes = new Uint32Array(2);
  #times = new Float64Array(2);
  #used = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Notes a sight; answers how many different ones were last seen at or after `since`. */
  see(hash: number, time: number, since: number): number {
    let slot = -1;
    let oldest = 0;
    let kept = 0;
    for (let i = 0; i < this.#used; i++) {
      if (this.#times[i]! < since) continue;
      this.#hashes[kept] = this.#hashes[i]!;
      this.#times[kept] = this.#times[i]!;
      if (this.#hashes[kept] === hash) slot = kept;
      if (this.#times[kept]! < this.#times[oldest]!) oldest = kept;
      kept++;
    }
    let last = time;
    if (slot >= 0) last = Math.max(time, this.#times[slot]!);
    else if (kept >= this.#limit) slot = oldest;
    else {
      if (kept === this.#hashes.length) this.#grow();
      slot = kept++;
    }
    this.#hashes[slot] = hash;
    this.#times[slot] = last;
    this.#used = kept;
    return kept;
  }

  #grow(): void {
    const size = Math.min(this.#limit, 2 * this.#hashes.length);
    const [hashes, times] = [new Uint32Array(size), new Float64Array(size)];
    hashes.set(this.#hashes);
    times.set(this.#times);
    this.#hashes = hashes;
    this.#times = times;
  }
}

/** A 32-bit hash of a text (FNV-1a, mixed): two of a thousand different texts meet once in 8,600 tries. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
