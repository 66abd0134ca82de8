/** Who asked for what, on which day. None of it is a text. */
export interface Question {
  /** A keyed hash of the network and the name together: 64 bits, in two unsigned halves. */
  low: number;
  high: number;
  /** Since the epoch. */
  day: number;
  /** A keyed hash of the client: 32 bits, unsigned. Two clients that have the same count as one. */
  client: number;
}

const limits = {
  /** Pairs of a network and a name that are counted at once, a day each; and what they may take, whichever is less. */
  pairs: 1 << 18,
  bytes: 16 * 1_024 * 1_024,
};
/** Pairs that one hash may lead to. */
const ways = 8;
/** Words of a pair: its hash, the day with how many clients there were (none: the place is free); then the hashes of these. */
const head = 3;

/**
 * Counts the different clients of a network that asked for a name on a day, up to a number, in one array that never grows beyond its
 * limit. Days are counted apart, so that the order in which answers come says nothing, and the same one twice changes nothing.
 */
export class ClientCount {
  readonly #least: number;
  readonly #words: number;
  readonly #most: number;
  #table = new Uint32Array(0);
  #pairs = 0;
  #turn = 0;
  /** Pairs that another one pushed out before enough clients had asked, and before their day was over. */
  pushedOut = 0;

  /** `least` clients are enough: 2 or more. */
  constructor(least: number, { pairs, bytes }: Partial<typeof limits> = {}) {
    this.#least = least;
    // The last one is not written down: with it there are enough.
    this.#words = head + least - 1;
    const fit = Math.min(pairs ?? limits.pairs, Math.floor((bytes ?? limits.bytes) / (4 * this.#words)));
    this.#most = Math.max(ways, 2 ** Math.floor(Math.log2(fit)));
  }

  /** Bytes that are taken. */
  get bytes(): number {
    return this.#table.byteLength;
  }

  /** Notes that a client asked. True where with it enough different ones did, once for each day. */
  see(question: Question): boolean {
    if (this.#pairs === 0) this.#grow();
    let at = this.#find(question);
    while (at < 0 && this.#pairs < this.#most) {
      this.#grow();
      at = this.#find(question);
    }
    if (at < 0) at = this.#pushOut(question);
    const table = this.#table;
    const count = table[at + 2]! >>> 16;
    if (count === 0) {
      table[at] = question.low;
      table[at + 1] = question.high;
      table[at + 2] = question.day;
    }
    if (count >= this.#least) return false;
    for (let n = 0; n < count; n++) if (table[at + head + n] === question.client) return false;
    table[at + 2]! += 1 << 16;
    if (count + 1 === this.#least) return true;
    table[at + head + count] = question.client;
    return false;
  }

  /** Where a pair stands, or else a free place for it; -1 where there is neither. */
  #find({ low, high, day }: Question): number {
    const table = this.#table;
    const first = this.#first(low, day);
    for (let way = 0; way < ways; way++) {
      const at = first + way * this.#words;
      const own = table[at + 2]!;
      if (own === 0 || (table[at] === low && table[at + 1] === high && (own & 0xffff) === day)) return at;
    }
    return -1;
  }

  #first(low: number, day: number): number {
    const hash = low ^ Math.imul(day, 0x9e3779b1);
    return (hash & (this.#pairs / ways - 1)) * ways * this.#words;
  }

  /** Makes room where all places of a pair are taken: by one that is told already, of the earliest day, or of the fewest clients. */
  #pushOut({ low, day }: Question): number {
    const table = this.#table;
    const first = this.#first(low, day);
    let found = first;
    let worth = Number.POSITIVE_INFINITY;
    for (let n = 0; n < ways; n++) {
      // Among equals not always the same one.
      const at = first + ((this.#turn + n) % ways) * this.#words;
      const own = table[at + 2]!;
      const count = own >>> 16;
      const value = count >= this.#least ? -1 : (own & 0xffff) * 0x1_0000 + count;
      if (value < worth) [found, worth] = [at, value];
    }
    this.#turn++;
    if (worth >= 0 && (table[found + 2]! & 0xffff) >= day) this.pushedOut++;
    table.fill(0, found, found + this.#words);
    return found;
  }

  /** Twice as many places: each hash leads to one of two then, so that all that is there finds room. */
  #grow(): void {
    const [old, words] = [this.#table, this.#words];
    this.#pairs = this.#pairs === 0 ? Math.min(this.#most, 1 << 10) : this.#pairs * 2;
    this.#table = new Uint32Array(this.#pairs * words);
    for (let from = 0; from < old.length; from += words) {
      const own = old[from + 2]!;
      if (own === 0) continue;
      const question = { low: old[from]!, high: old[from + 1]!, day: own & 0xffff, client: 0 };
      this.#table.set(old.subarray(from, from + words), this.#find(question));
    }
  }
}
