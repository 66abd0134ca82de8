import type { Recordings } from './recordings.ts';

/** Which way bytes went: from the peer, to it, or how many more of them were not kept. */
export const ways = { in: 0, out: 1, cut: 2 } as const;
export type Way = 'in' | 'out';

/** A frame's head: way, milliseconds since the session began, length, in little endian. */
export const frameHead = 9;
const firstBytes = 512;
const chunkBytes = 32 * 1_024;

/** The bytes of one session, timed, both ways. Gathered in memory, and handed to the disk in chunks: no keystroke waits for it. */
export class Recording {
  readonly #store: Recordings;
  readonly #name: string;
  readonly #startedAt: number;
  #buffer: Buffer | undefined;
  #at = 0;
  #kept = 0;
  #cut = 0;
  /** What comes after something that did not fit is left out as well, so that what is kept has no holes. */
  #full = false;
  /** Whether anything was handed to the disk. */
  #begun = false;
  readonly #head: Buffer;

  constructor(store: Recordings, head: { session: string; protocol: string; startedAt: number }) {
    this.#store = store;
    this.#name = head.session;
    this.#startedAt = head.startedAt;
    this.#head = Buffer.from(`${JSON.stringify({ version: 1, ...head })}\n`);
  }

  add(way: Way, bytes: Uint8Array, now: number): void {
    if (bytes.length === 0) return;
    const size = frameHead + bytes.length;
    if (this.#full || this.#kept + size > this.#store.limits.recording || !this.#room(size)) {
      this.#cut += bytes.length;
      this.#full = true;
      return;
    }
    this.#frame(ways[way], now, bytes);
    this.#kept += size;
    if (this.#at >= chunkBytes) this.#flush();
  }

  /** So many bytes were said before, and not kept. */
  miss(bytes: number): void {
    this.#cut += bytes;
  }

  /** The session is over. */
  end(now: number): void {
    if (this.#kept === 0 && this.#cut === 0) return;
    if (this.#cut > 0 && this.#room(frameHead + 8)) {
      const count = Buffer.alloc(8);
      count.writeDoubleLE(this.#cut);
      this.#frame(ways.cut, now, count);
    }
    this.#flush();
    this.#store.end(this.#cut);
  }

  /** Nothing of it is worth keeping, where none of it has left yet. */
  drop(): boolean {
    if (this.#begun) return false;
    if (this.#buffer) this.#store.release(this.#buffer.length);
    this.#buffer = undefined;
    return true;
  }

  /** Makes room for a frame, as far as what all recordings may hold in memory allows. */
  #room(size: number): boolean {
    const old = this.#buffer;
    if (old && this.#at + size <= old.length) return true;
    const needed = old ? this.#at + size : this.#head.length + size;
    let length = old?.length ?? firstBytes;
    while (length < needed) length *= 2;
    if (!this.#store.reserve(length - (old?.length ?? 0))) return false;
    const grown = Buffer.allocUnsafeSlow(length);
    if (old) old.copy(grown, 0, 0, this.#at);
    else if (!this.#begun) this.#at = this.#head.copy(grown, 0);
    this.#buffer = grown;
    return true;
  }

  #frame(way: number, now: number, bytes: Uint8Array): void {
    const buffer = this.#buffer!;
    buffer[this.#at] = way;
    buffer.writeUInt32LE(Math.min(0xffffffff, Math.max(0, now - this.#startedAt)), this.#at + 1);
    buffer.writeUInt32LE(bytes.length, this.#at + 5);
    buffer.set(bytes, this.#at + frameHead);
    this.#at += frameHead + bytes.length;
  }

  #flush(): void {
    const buffer = this.#buffer;
    if (!buffer || this.#at === 0) return;
    const first = !this.#begun;
    this.#begun = true;
    this.#buffer = undefined;
    this.#store.append(this.#name, buffer.subarray(0, this.#at), { held: buffer.length, first });
    this.#at = 0;
  }
}
