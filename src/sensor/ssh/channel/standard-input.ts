import type { Inbox } from './inbox.ts';

/** The most that a command takes in at once, in bytes. */
const allLimit = 32 * 1_048_576;
const lineLimit = 65_536;

/** A standard input that is no terminal: lines and the rest of what a channel brings. */
export class StandardInput {
  readonly #inbox: Inbox;

  constructor(inbox: Inbox) {
    this.#inbox = inbox;
  }

  /** The next line without its end; null at the end of input. Longer lines come in pieces. */
  async line(): Promise<string | null> {
    let text = '';
    for (;;) {
      const bytes = await this.#inbox.read();
      if (bytes === null) return text === '' ? null : text;
      const end = bytes.indexOf(10);
      if (end >= 0) {
        this.#inbox.unread(bytes.subarray(end + 1));
        return text + bytes.toString('latin1', 0, end);
      }
      text += bytes.toString('latin1');
      if (text.length > lineLimit) return text;
    }
  }

  /** Exactly `size` bytes, or null where the input ends before them. */
  async bytes(size: number): Promise<Buffer | null> {
    const pieces: Buffer[] = [];
    let missing = size;
    while (missing > 0) {
      const piece = await this.#inbox.read();
      if (piece === null) return null;
      if (piece.length > missing) this.#inbox.unread(piece.subarray(missing));
      pieces.push(piece.subarray(0, missing));
      missing -= Math.min(missing, piece.length);
    }
    return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
  }

  async all(): Promise<string> {
    const pieces: Buffer[] = [];
    let size = 0;
    for (let bytes = await this.#inbox.read(); bytes !== null; bytes = await this.#inbox.read()) {
      size += bytes.length;
      if (size <= allLimit) pieces.push(bytes);
    }
    return Buffer.concat(pieces).toString('latin1');
  }
}
