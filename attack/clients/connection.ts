import { connect, type Socket } from 'node:net';

const limits = {
  /** How long a service may take to accept, and to answer, in milliseconds. */
  dialMs: 5_000,
  answerMs: 8_000,
  /** Bytes of an answer that are kept while one waits for what it must contain. */
  kept: 1_048_576,
};

export interface Tally {
  connections: number;
  refused: number;
  sent: number;
  received: number;
}

/** A TCP connection that one can converse over. Text is latin1: one character a byte. */
export class Connection {
  readonly #socket: Socket;
  readonly #tally: Tally;
  #unread = '';
  #over = false;
  #wake: (() => void) | undefined;

  constructor(socket: Socket, tally: Tally) {
    this.#socket = socket;
    this.#tally = tally;
    socket.on('data', (bytes: Buffer) => {
      tally.received += bytes.length;
      this.#unread = (this.#unread + bytes.toString('latin1')).slice(-limits.kept);
      this.#wake?.();
    });
    const over = () => {
      this.#over = true;
      this.#wake?.();
    };
    socket.on('end', over);
    socket.on('close', over);
    // A reset is how some services say goodbye; `close` follows.
    socket.on('error', () => {});
  }

  get over(): boolean {
    return this.#over;
  }

  send(text: string): void {
    this.write(Buffer.from(text, 'latin1'));
  }

  write(bytes: string | Uint8Array): void {
    if (!this.#socket.writable) return;
    this.#tally.sent += bytes.length;
    this.#socket.write(bytes);
  }

  /** For a protocol that is not text: bytes as they come, and the end. */
  listen(data: (chunk: Buffer) => void, end: () => void): void {
    this.#socket.on('data', data);
    for (const event of ['end', 'close']) this.#socket.on(event, end);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** What came up to the end of the pattern, taken away. Null where it does not come before the peer goes or time is up. */
  async until(pattern: RegExp, withinMs = limits.answerMs): Promise<string | null> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const found = pattern.exec(this.#unread);
      if (found) {
        const end = found.index + found[0].length;
        const text = this.#unread.slice(0, end);
        this.#unread = this.#unread.slice(end);
        return text;
      }
      const left = deadline - performance.now();
      if (this.#over || left <= 0) return null;
      await this.#change(left);
    }
  }

  /** Whatever came, once the peer has closed or time is up. */
  async rest(withinMs = limits.answerMs): Promise<string> {
    const deadline = performance.now() + withinMs;
    while (!this.#over && performance.now() < deadline) await this.#change(deadline - performance.now());
    const text = this.#unread;
    this.#unread = '';
    return text;
  }

  /** Closes once all is sent, and waits until the peer has closed too. */
  async close(): Promise<void> {
    this.#socket.end();
    if (!this.#socket.closed) {
      const closed = new Promise<void>((resolve) => this.#socket.once('close', () => resolve()));
      const patience = setTimeout(() => this.#socket.destroy(), 1_000);
      await closed;
      clearTimeout(patience);
    }
  }

  #change(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Connects from an address of this machine, or from any where none is named. Null where nobody answers. */
export function dial(
  to: { host: string; port: number; from: string | undefined; signal: AbortSignal | undefined },
  tally: Tally,
): Promise<Connection | null> {
  tally.connections++;
  return new Promise((resolve, reject) => {
    const { host, port, from, signal } = to;
    const socket = connect({
      host,
      port,
      ...(from !== undefined && { localAddress: from }),
      ...(signal && { signal }),
      noDelay: true,
    });
    const patience = setTimeout(() => fail(null), limits.dialMs);
    function fail(error: NodeJS.ErrnoException | null): void {
      clearTimeout(patience);
      socket.destroy();
      tally.refused++;
      // An address that this machine does not have is no answer of the other side.
      if (error?.code === 'EADDRNOTAVAIL') reject(error);
      else resolve(null);
    }
    socket.once('error', fail);
    socket.once('connect', () => {
      clearTimeout(patience);
      socket.off('error', fail);
      resolve(new Connection(socket, tally));
    });
  });
}
