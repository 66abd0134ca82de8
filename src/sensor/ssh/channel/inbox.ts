import { LimitReached } from '../../input.ts';

/** What a channel's program may leave unread, in bytes. The window keeps honest peers below it. */
const unreadLimit = 3 * 1_048_576;

/** The standard input of a channel: pieces as they came, one reader at a time. */
export class Inbox {
  #pieces: Buffer[] = [];
  #size = 0;
  #ended = false;
  #wake: (() => void) | undefined;
  readonly #taken: (size: number) => void;
  /** Called with what comes, before it is read: a control key may interrupt. True where it was used up. */
  watch: ((data: Buffer) => boolean) | undefined;

  /** `taken` hears how much was read. */
  constructor(taken: (size: number) => void) {
    this.#taken = taken;
  }

  get ended(): boolean {
    return this.#ended;
  }

  push(data: Buffer): void {
    if (this.#ended || data.length === 0) return;
    if (this.watch?.(data)) {
      this.#taken(data.length);
      return;
    }
    this.#size += data.length;
    if (this.#size > unreadLimit) throw new LimitReached('unread');
    this.#pieces.push(data);
    this.#rouse();
  }

  end(): void {
    this.#ended = true;
    this.#rouse();
  }

  /** What has come, or null at the end. */
  async read(): Promise<Buffer | null> {
    while (this.#size === 0) {
      if (this.#ended) return null;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const bytes = this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#size = 0;
    this.#taken(bytes.length);
    return bytes;
  }

  /** Puts bytes back in front. */
  unread(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#pieces.unshift(bytes);
    this.#size += bytes.length;
    this.#taken(-bytes.length);
  }

  #rouse(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
