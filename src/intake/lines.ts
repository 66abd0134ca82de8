import { type Cutter, type Piece, Reject } from './reader.ts';

const tooLong = new Reject('the line is over its limit');

/** A line longer than this is refused, with its reason, and never held in memory whole. */
export const lineLimit = 1024 * 1024;

/**
 * Cuts a stream of chunks into lines without copying those that lie in one chunk. `each` gets the buffer and the line's bounds,
 * without its LF or CRLF; `refuse` is told once for each line over the limit.
 */
export class LineCutter implements Cutter {
  #rest: Buffer | null = null;
  #skipping = false;

  cut(chunk: Buffer, each: Piece, refuse: (reason: Reject) => void): void {
    let from = 0;
    for (let end = chunk.indexOf(10, from); end >= 0; end = chunk.indexOf(10, from)) {
      if (this.#skipping) this.#skipping = false;
      else if (this.#rest) {
        const line = Buffer.concat([this.#rest, chunk.subarray(from, end)]);
        each(line, 0, trimmed(line, 0, line.length));
      } else each(chunk, from, trimmed(chunk, from, end));
      this.#rest = null;
      from = end + 1;
    }
    if (from === chunk.length || this.#skipping) return;
    const rest = chunk.subarray(from);
    if ((this.#rest?.length ?? 0) + rest.length > lineLimit) {
      this.#rest = null;
      this.#skipping = true;
      refuse(tooLong);
      return;
    }
    this.#rest = this.#rest ? Buffer.concat([this.#rest, rest]) : Buffer.from(rest);
  }

  /** The last line, where the stream did not end with a line end. */
  end(each: Piece): void {
    const rest = this.#rest;
    this.#rest = null;
    this.#skipping = false;
    if (rest) each(rest, 0, trimmed(rest, 0, rest.length));
  }
}

function trimmed(bytes: Buffer, from: number, to: number): number {
  return to > from && bytes[to - 1] === 13 ? to - 1 : to;
}
