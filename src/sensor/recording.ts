import type { Recordings } from './recordings.ts';
import { entryHead, kinds } from './reel.ts';

export type Way = 'in' | 'out';

/** Bytes that a recording holds back before it counts as one worth keeping: a key exchange fits, and is forgotten once it is over. */
const heldBytes = 8 * 1_024;
/** What holding a piece takes besides its bytes, about. */
const heldPiece = 128;

interface Held {
  way: Way;
  bytes: Uint8Array;
  now: number;
}

/** The bytes of one session, timed, both ways. They go to a file that all sessions share: no keystroke waits for it. */
export class Recording {
  readonly #store: Recordings;
  readonly #session: Buffer;
  readonly #startedAt: number;
  #protocol: string;
  #held: Held[] | null = [];
  #holding = 0;
  #kept = 0;
  #cut = 0;
  /** What comes after something that did not fit is left out as well, so that what is kept has no holes. */
  #full = false;

  /** `session` is 16 hexadecimal digits; `startedAt` milliseconds since the epoch. */
  constructor(store: Recordings, head: { session: string; protocol: string; startedAt: number }) {
    this.#store = store;
    this.#session = Buffer.from(head.session, 'hex');
    this.#startedAt = head.startedAt;
    this.#protocol = head.protocol;
  }

  add(way: Way, bytes: Uint8Array, now: number): void {
    if (bytes.length === 0) return;
    if (!this.#held) {
      this.#write(way, bytes, now);
      return;
    }
    const size = heldPiece + bytes.length;
    if (this.#holding + size <= heldBytes && this.#store.hold(size)) {
      this.#holding += size;
      this.#held.push({ way, bytes: Uint8Array.from(bytes), now });
      return;
    }
    this.#settle();
    this.#write(way, bytes, now);
  }

  /** So many bytes were said before, and not kept. */
  miss(bytes: number): void {
    this.#cut += bytes;
  }

  /** The session is over. */
  end(now: number): void {
    if (this.#held && this.#holding === 0 && this.#cut === 0) return;
    this.#settle();
    const cut = Buffer.alloc(8);
    cut.writeDoubleLE(this.#cut);
    this.#store.end(this.#entry(kinds.end, now), cut);
  }

  /** What was said so far is not worth keeping, where none of it has left yet. */
  drop(): boolean {
    if (!this.#held) return false;
    this.#store.letGo(this.#holding);
    this.#held = null;
    return true;
  }

  /** From here on everything goes straight to the file. */
  #settle(): void {
    const held = this.#held;
    if (!held) return;
    this.#held = null;
    this.#store.letGo(this.#holding);
    const head = JSON.stringify({ version: 2, protocol: this.#protocol, startedAt: this.#startedAt });
    this.#full = !this.#store.add(this.#entry(kinds.begin, this.#startedAt), Buffer.from(head));
    for (const { way, bytes, now } of held) this.#write(way, bytes, now);
  }

  #write(way: Way, bytes: Uint8Array, now: number): void {
    const size = entryHead + bytes.length;
    const fits = !this.#full && this.#kept + size <= this.#store.limits.recording;
    if (fits && this.#store.add(this.#entry(kinds[way], now), bytes)) {
      this.#kept += size;
      return;
    }
    this.#cut += bytes.length;
    this.#full = true;
  }

  #entry(kind: number, now: number) {
    return { session: this.#session, kind, ms: now - this.#startedAt };
  }
}
