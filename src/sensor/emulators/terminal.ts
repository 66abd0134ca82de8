import { LimitReached } from '../input.ts';

/** The longest line that a terminal takes. */
const lineLimit = 65_536;

export interface TerminalPeer {
  /** The next plain bytes, or null once the peer has gone. */
  read(): Promise<Buffer | null>;
  send(text: string): void;
}

/** The line discipline of a pseudo-terminal: echo, erasing, line ends, and what the control keys do. */
export class Terminal {
  readonly #peer: TerminalPeer;
  #waiting: Buffer = Buffer.alloc(0);
  #at = 0;
  /** Enter came as CR: a LF or NUL right after it belongs to it (RFC 854). */
  #afterReturn = false;

  constructor(peer: TerminalPeer) {
    this.#peer = peer;
  }

  /** Shows a text: line feeds become CR LF. */
  show(text: string): void {
    this.#peer.send(text.replaceAll('\n', '\r\n'));
  }

  /**
   * The next line. Null at Ctrl-D on an empty line or once the peer has gone (`gone` tells which).
   * Ctrl-C gives up the line and returns it as empty.
   */
  async line({ echo = true } = {}): Promise<string | null> {
    const typed: number[] = [];
    let escaping = 0;
    let echoed = '';
    const flush = () => {
      if (echoed) this.#peer.send(echoed);
      echoed = '';
    };
    for (;;) {
      if (this.#at >= this.#waiting.length) {
        flush();
        const more = await this.#peer.read();
        if (more === null) {
          this.gone = true;
          this.left = Buffer.from(typed).toString('latin1');
          return null;
        }
        this.#waiting = more;
        this.#at = 0;
        continue;
      }
      const byte = this.#waiting[this.#at++]!;
      const after = this.#afterReturn;
      this.#afterReturn = false;
      if (after && (byte === 10 || byte === 0)) continue;
      if (escaping === 1) {
        escaping = byte === 0x5b || byte === 0x4f ? 2 : 0;
      } else if (escaping === 2) {
        if (byte >= 0x40) escaping = 0;
      } else if (byte === 13 || byte === 10) {
        this.#afterReturn = byte === 13;
        echoed += '\r\n';
        flush();
        return Buffer.from(typed).toString('latin1');
      } else if (byte === 3) {
        echoed += '^C\r\n';
        flush();
        return '';
      } else if (byte === 4) {
        if (typed.length > 0) continue;
        flush();
        return null;
      } else if (byte === 8 || byte === 127) {
        if (typed.pop() !== undefined && echo) echoed += '\b \b';
      } else if (byte === 21) {
        if (echo) echoed += '\b \b'.repeat(Math.min(typed.length, 512));
        typed.length = 0;
      } else if (byte === 27) escaping = 1;
      else if (byte !== 0) {
        if (typed.length >= lineLimit) throw new LimitReached('line');
        typed.push(byte);
        if (echo)
          echoed +=
            byte === 9 || byte >= 32 ? String.fromCharCode(byte) : `^${String.fromCharCode(byte + 64)}`;
      }
    }
  }

  gone = false;
  /** What was typed without an Enter when the peer went. */
  left = '';
}
