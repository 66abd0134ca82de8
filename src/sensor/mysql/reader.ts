/** Reads fields of a packet; what is missing is empty, as a hostile client may leave anything out. */
export class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  int(size: 1 | 2 | 3 | 4): number {
    if (this.left < size) {
      this.#at = this.#bytes.length;
      return 0;
    }
    this.#at += size;
    return this.#bytes.readUIntLE(this.#at - size, size);
  }

  skip(size: number): void {
    this.#at = Math.min(this.#bytes.length, this.#at + size);
  }

  bytes(size: number): Buffer {
    const from = this.#at;
    this.skip(size);
    return this.#bytes.subarray(from, this.#at);
  }

  /** string<NUL> */
  text(): string {
    const end = this.#bytes.indexOf(0, this.#at);
    const stop = end < 0 ? this.#bytes.length : end;
    const text = this.#bytes.toString('latin1', this.#at, stop);
    this.#at = Math.min(this.#bytes.length, stop + 1);
    return text;
  }

  /** int<lenenc>; anything over four bytes is cut to what is left. */
  length(): number {
    const first = this.int(1);
    if (first < 0xfb) return first;
    if (first === 0xfc) return this.int(2);
    if (first === 0xfd) return this.int(3);
    const low = this.int(4);
    this.skip(4);
    return low;
  }

  sized(): Buffer {
    return this.bytes(this.length());
  }
}
