/** Numbers of the old table that each new key moves: it is empty long before the new one is full. */
const moves = 16;

/**
 * Hashes → ids by open addressing. What one id stands for is compared by the caller, since many may share a hash. It doubles by and by:
 * each new key moves a few, so that none has to wait for all.
 */
export class Slots {
  /** Two numbers a slot: id + 1 (0 where nothing stands), and the hash, so that a look at a slot costs one place in memory. */
  #table: Uint32Array;
  #old: Uint32Array | undefined;
  #moved = 0;
  #count: number;
  /** Where `next` goes on. */
  #hash = 0;
  #at = 0;
  #inOld = false;

  constructor(count = 0, table: Uint32Array = new Uint32Array(sizeFor(count))) {
    this.#table = table;
    this.#count = count;
  }

  /** The first id of a hash, or -1. */
  first(hash: number): number {
    this.#hash = hash;
    this.#at = (hash << 1) & (this.#table.length - 1);
    this.#inOld = false;
    return this.next();
  }

  /** The next one after that. One may come twice. */
  next(): number {
    const hash = this.#hash;
    let table = this.#inOld ? this.#old! : this.#table;
    let at = this.#at;
    for (;;) {
      const mask = table.length - 1;
      for (let one = table[at]!; one !== 0; one = table[at]!) {
        const same = table[at + 1] === hash;
        at = (at + 2) & mask;
        if (!same) continue;
        this.#at = at;
        return one - 1;
      }
      if (this.#inOld || this.#old === undefined) {
        this.#at = at;
        return -1;
      }
      this.#inOld = true;
      table = this.#old;
      at = (hash << 1) & (table.length - 1);
    }
  }

  /** An id that is not here yet. */
  add(id: number, hash: number): void {
    place(this.#table, id, hash);
    this.#count++;
    if (this.#old) this.#move(moves);
    else if (this.#count * 20 > this.#table.length * 7) {
      this.#old = this.#table;
      this.#table = new Uint32Array(this.#old.length * 2);
      this.#moved = 0;
    }
  }

  /**
   * The first id + 1 of each hash, 0 where there is none. It looks at the places of all of them first, without a question between: so many
   * are waited for at a time, where a question about what has not come yet would wait for each.
   */
  firstAll(hashes: Uint32Array, count: number, found: Uint32Array): void {
    const table = this.#table;
    const old = this.#old;
    const mask = table.length - 1;
    for (let n = 0; n < count; n++) found[n] = table[(hashes[n]! << 1) & mask]!;
    for (let n = 0; n < count; n++) found[n] = firstIn(table, hashes[n]!);
    if (old) for (let n = 0; n < count; n++) if (found[n] === 0) found[n] = firstIn(old, hashes[n]!);
  }

  /** All of it as one table. */
  settled(): Uint32Array {
    if (this.#old) this.#move(this.#old.length);
    return this.#table;
  }

  #move(numbers: number): void {
    const old = this.#old!;
    const end = Math.min(old.length, this.#moved + numbers);
    for (let at = this.#moved; at < end; at += 2)
      if (old[at] !== 0) place(this.#table, old[at]! - 1, old[at + 1]!);
    this.#moved = end;
    if (end === old.length) this.#old = undefined;
  }
}

/** Numbers that a table for so many keys has: between a third and seven tenths of its slots are taken. */
function sizeFor(count: number): number {
  let size = 1 << 12;
  while (count * 20 > size * 6) size *= 2;
  return size;
}

function firstIn(table: Uint32Array, hash: number): number {
  const mask = table.length - 1;
  let at = (hash << 1) & mask;
  while (table[at] !== 0 && table[at + 1] !== hash) at = (at + 2) & mask;
  return table[at]!;
}

function place(table: Uint32Array, id: number, hash: number): void {
  const mask = table.length - 1;
  let at = (hash << 1) & mask;
  while (table[at] !== 0) at = (at + 2) & mask;
  table[at] = id + 1;
  table[at + 1] = hash;
}
