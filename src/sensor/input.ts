const nothing = Buffer.alloc(0);

/** An input limit was passed; its name becomes the reason in `close`. */
export class LimitReached extends Error {
  readonly limit: string;
  constructor(limit: string) {
    super(`the limit ${limit} is reached`);
    this.limit = limit;
  }
}

/** What an input tells its session: bytes were consumed or given back, and the reader waits for more. */
export interface InputEvents {
  taken(bytes: Buffer): void;
  returned(size: number): void;
  hungry(): void;
}

/**
 * The bytes of one peer that wait to be read. One reader at a time. Holds nothing while empty; grows by doubling, so that
 * bytes which come one by one cost no more than those which come at once.
 */
export class Input {
  #held: Buffer = nothing;
  #start = 0;
  #end = 0;
  #owned = false;
  #ended = false;
  #wake: (() => void) | undefined;
  readonly #events: InputEvents;

  constructor(events: InputEvents) {
    this.#events = events;
  }

  /** Bytes that nobody has read yet. */
  get size(): number {
    return this.#end - this.#start;
  }

  get ended(): boolean {
    return this.#ended;
  }

  push(chunk: Buffer): void {
    if (this.#ended || chunk.length === 0) return;
    if (this.size === 0) {
      this.#held = chunk;
      this.#start = 0;
      this.#end = chunk.length;
      this.#owned = false;
    } else {
      this.#reserve(chunk.length);
      chunk.copy(this.#held, this.#end);
      this.#end += chunk.length;
    }
    this.#rouse();
  }

  /** Nothing more comes. What waits can still be read. */
  end(): void {
    this.#ended = true;
    this.#rouse();
  }

  /** Nothing more comes, and what waits is given up. Returns it. */
  abandon(): Buffer {
    const left = this.#held.subarray(this.#start, this.#end);
    this.#clear();
    this.end();
    return left;
  }

  /** What waits, without reading it. */
  peek(): Buffer {
    return this.#held.subarray(this.#start, this.#end);
  }

  async line(limit: number): Promise<string | null> {
    for (let from = 0; ; ) {
      const waiting = this.peek();
      for (let at = from; at < waiting.length; at++) {
        const code = waiting[at];
        // RFC 854: CR NUL stands for a bare CR; terminals send it for Enter.
        const ends = code === 10 || (code === 0 && at > 0 && waiting[at - 1] === 13);
        if (!ends) continue;
        const stop = at > 0 && waiting[at - 1] === 13 ? at - 1 : at;
        if (stop > limit) throw new LimitReached('line');
        return this.#take(at + 1).toString('latin1', 0, stop);
      }
      if (waiting.length > limit + 2) throw new LimitReached('line');
      from = waiting.length;
      if (!(await this.#more())) return null;
    }
  }

  async bytes(size: number, limit: number): Promise<Buffer | null> {
    if (size > limit) throw new LimitReached('declared');
    while (this.size < size) if (!(await this.#more())) return null;
    return this.#take(size);
  }

  async read(): Promise<Buffer | null> {
    while (this.size === 0) if (!(await this.#more())) return null;
    return this.#take(this.size);
  }

  unread(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#events.returned(bytes.length);
    this.#held = Buffer.concat([bytes, this.peek()]);
    this.#start = 0;
    this.#end = this.#held.length;
    this.#owned = true;
  }

  #take(size: number): Buffer {
    const bytes = this.#held.subarray(this.#start, this.#start + size);
    this.#start += size;
    if (this.#start === this.#end) this.#clear();
    this.#events.taken(bytes);
    return bytes;
  }

  #clear(): void {
    this.#held = nothing;
    this.#start = 0;
    this.#end = 0;
    this.#owned = false;
  }

  async #more(): Promise<boolean> {
    if (this.#ended) return false;
    const before = this.size;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      this.#events.hungry();
    });
    return this.size > before;
  }

  #rouse(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  // A held chunk may be shared with who pushed it, and slices of it with who read it: only fresh memory is written to.
  #reserve(more: number): void {
    if (this.#owned && this.#end + more <= this.#held.length) return;
    const grown = Buffer.allocUnsafe(Math.max(2 * (this.size + more), 256));
    this.#held.copy(grown, 0, this.#start, this.#end);
    this.#end -= this.#start;
    this.#start = 0;
    this.#held = grown;
    this.#owned = true;
  }
}
