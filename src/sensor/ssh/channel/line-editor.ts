// Over 300 lines: one state, the line and its cursor, and the keys that change it.
import { LimitReached } from '../../input.ts';
import type { Inbox } from './inbox.ts';

const lineLimit = 65_536;
const historyLimit = 200;

/** What a Tab may fill in for the word before the cursor. */
export interface Completion {
  word: string;
  candidates: string[];
}

/** Line input at a terminal: edited, as bash and ash do it at a prompt, or cooked, as the kernel does it for programs. */
export class LineEditor {
  readonly #inbox: Inbox;
  readonly #send: (text: string) => void;
  readonly #echo: boolean;
  readonly #history: string[] = [];
  #waiting: Buffer = Buffer.alloc(0);
  #at = 0;
  #afterReturn = false;
  #line: string[] = [];
  #cursor = 0;
  #out = '';

  constructor(inbox: Inbox, send: (text: string) => void, echo: boolean) {
    this.#inbox = inbox;
    this.#send = send;
    this.#echo = echo;
  }

  /** Shows a prompt and returns the line typed after it; null at Ctrl-D on an empty line or the end of input. */
  async edit(
    prompt: string,
    leaving: string,
    complete: (before: string) => Completion = () => ({ word: '', candidates: [] }),
  ): Promise<string | null> {
    let tabs = 0;
    this.#out += prompt;
    this.#line = [];
    this.#cursor = 0;
    let past = this.#history.length;
    for (;;) {
      const key = await this.#key();
      if (key === null || (key === '\x04' && this.#line.length === 0)) {
        this.#finish(key === null ? '' : leaving ? leaving : '\r\n');
        return null;
      }
      if (key === '\r' || key === '\n') {
        this.#finish(`\r\n${leaving}`);
        const text = this.#line.join('');
        if (text.trim() !== '' && text !== this.#history.at(-1)) this.#history.push(text);
        if (this.#history.length > historyLimit) this.#history.shift();
        return text;
      }
      if (key === '\x03') {
        this.#finish(`^C\r\n${leaving}`);
        return '';
      }
      if (key === '\x1b[A' || key === '\x1bOA' || key === '\x10') {
        if (past > 0) this.#replace(this.#history[--past]!);
      } else if (key === '\x1b[B' || key === '\x1bOB' || key === '\x0e') {
        if (past < this.#history.length) this.#replace(this.#history[++past] ?? '');
      } else if (key === '\t') {
        this.#complete(prompt, complete, ++tabs > 1);
        continue;
      } else if (key === '\x12') {
        const again = await this.#search(prompt);
        if (again === null) continue;
        this.#finish(`\r\n${leaving}`);
        return again;
      } else this.#edit(key, prompt);
      tabs = 0;
    }
  }

  /** Lines that were typed before this session. */
  remember(lines: readonly string[]): void {
    this.#history.push(...lines.slice(-historyLimit));
  }

  /** Tab: what is certain is filled in; a second one lists what there is. */
  #complete(prompt: string, complete: (before: string) => Completion, listing: boolean): void {
    const before = this.#line.slice(0, this.#cursor).join('');
    const { word, candidates } = complete(before);
    const [first] = candidates;
    if (first === undefined) {
      this.#show('\x07');
      return;
    }
    let common = first;
    for (const one of candidates) while (!one.startsWith(common)) common = common.slice(0, -1);
    const more = common.slice(word.length) + (candidates.length === 1 && !common.endsWith('/') ? ' ' : '');
    if (more) {
      for (const char of more) this.#put(char);
      this.#show(more);
      if (this.#cursor < this.#line.length) this.#redraw();
    } else if (listing) {
      this.#show(
        `\r\n${candidates.map((one) => one.replace(/(.)\/$/, '$1/')).join('  ')}\r\n${prompt}${this.#line.join('')}`,
      );
      this.#show('\b'.repeat(this.#line.length - this.#cursor));
    } else this.#show('\x07');
  }

  /** Ctrl-R: looks back for what is typed. The line to run at Enter; null where the search is given up for editing. */
  async #search(prompt: string): Promise<string | null> {
    let wanted = '';
    let found = '';
    let from = this.#history.length - 1;
    const look = () => {
      for (let i = from; i >= 0; i--)
        if (wanted && this.#history[i]!.includes(wanted)) {
          found = this.#history[i]!;
          from = i;
          break;
        }
      this.#show(`\r\x1b[K(reverse-i-search)\`${wanted}': ${found}`);
    };
    look();
    for (let key = await this.#key(); key !== null; key = await this.#key()) {
      if (key === '\x12') from--;
      else if (key === '\x7f' || key === '\b') {
        wanted = wanted.slice(0, -1);
        from = this.#history.length - 1;
      } else if (key.length === 1 && key >= ' ' && wanted.length < 256) wanted += key;
      else {
        const plain = prompt.replace('\x1b[?2004h', '');
        this.#line = key === '\x03' || key === '\x07' ? [] : [...found];
        this.#cursor = this.#line.length;
        this.#show(`\r\x1b[K${plain}${this.#line.join('')}`);
        return key === '\r' || key === '\n' ? this.#line.join('') : null;
      }
      look();
    }
    return null;
  }

  /** A line for a program that reads the terminal: the kernel echoes and erases. Null at Ctrl-D or the end of input. */
  async cooked(): Promise<string | null> {
    this.#line = [];
    for (;;) {
      const key = await this.#key(false);
      if (key === null || (key === '\x04' && this.#line.length === 0)) return null;
      if (key === '\r' || key === '\n') {
        this.#finish('\r\n');
        return this.#line.join('');
      }
      if (key === '\x7f' || key === '\b') {
        if (this.#line.pop() !== undefined) this.#show('\b \b');
      } else if (key === '\x15') {
        this.#show('\b \b'.repeat(Math.min(this.#line.length, 512)));
        this.#line = [];
      } else if (key !== '\x04') {
        this.#put(key);
        this.#show(visible(key));
      }
    }
  }

  #edit(key: string, prompt: string): void {
    switch (key) {
      case '\x7f':
      case '\b':
        if (this.#cursor === 0) return;
        this.#line.splice(--this.#cursor, 1);
        this.#show('\b');
        this.#redraw();
        return;
      case '\x1b[3~':
      case '\x04':
        if (this.#cursor >= this.#line.length) return;
        this.#line.splice(this.#cursor, 1);
        this.#redraw();
        return;
      case '\x1b[D':
      case '\x1bOD':
      case '\x02':
        if (this.#cursor > 0) this.#move(this.#cursor - 1);
        return;
      case '\x1b[C':
      case '\x1bOC':
      case '\x06':
        if (this.#cursor < this.#line.length) this.#move(this.#cursor + 1);
        return;
      case '\x1b[H':
      case '\x1b[1~':
      case '\x01':
        this.#move(0);
        return;
      case '\x1b[F':
      case '\x1b[4~':
      case '\x05':
        this.#move(this.#line.length);
        return;
      case '\x0b':
        this.#line.length = this.#cursor;
        this.#redraw();
        return;
      case '\x15':
        this.#cut(0);
        return;
      case '\x17': {
        const before = this.#line
          .slice(0, this.#cursor)
          .join('')
          .replace(/\S+\s*$/, '');
        this.#cut(before.length);
        return;
      }
      case '\x0c':
        this.#show(`\x1b[H\x1b[2J${prompt}${this.#line.join('')}`);
        this.#show('\b'.repeat(this.#line.length - this.#cursor));
        return;
      default:
        if (key.length > 1 || key < ' ') return;
        this.#put(key);
        this.#show(key);
        if (this.#cursor < this.#line.length) this.#redraw();
    }
  }

  #put(key: string): void {
    if (this.#line.length >= lineLimit) throw new LimitReached('line');
    if (this.#cursor > this.#line.length) this.#cursor = this.#line.length;
    if (this.#cursor === this.#line.length) this.#line.push(key);
    else this.#line.splice(this.#cursor, 0, key);
    this.#cursor++;
  }

  #cut(from: number): void {
    const gone = this.#cursor - from;
    this.#line.splice(from, gone);
    this.#cursor = from;
    this.#show('\b'.repeat(gone));
    this.#redraw();
  }

  #replace(text: string): void {
    this.#show('\b'.repeat(this.#cursor));
    this.#line = [...text];
    this.#cursor = this.#line.length;
    this.#show(`${text}\x1b[K`);
  }

  #move(to: number): void {
    const [now, text] = [this.#cursor, this.#line];
    this.#show(to < now ? '\b'.repeat(now - to) : text.slice(now, to).join(''));
    this.#cursor = to;
  }

  /** Shows what stands behind the cursor anew. */
  #redraw(): void {
    const rest = this.#line.slice(this.#cursor).join('');
    this.#show(`${rest}\x1b[K${'\b'.repeat(rest.length)}`);
  }

  #show(text: string): void {
    if (this.#echo) this.#out += text;
  }

  #finish(text: string): void {
    this.#out += text;
    this.#flush();
  }

  #flush(): void {
    if (this.#out) this.#send(this.#out);
    this.#out = '';
  }

  /** The next key: a character, or a whole escape sequence where `escapes` are looked for. Null at the end of input. */
  async #key(escapes = true): Promise<string | null> {
    for (;;) {
      const byte = await this.#byte();
      if (byte === null) return null;
      const char = String.fromCharCode(byte);
      const after = this.#afterReturn;
      this.#afterReturn = char === '\r';
      if (after && (char === '\n' || char === '\0')) continue;
      if (byte === 0) continue;
      if (!escapes || char !== '\x1b') return char;
      let sequence = char;
      for (;;) {
        const next = await this.#byte();
        if (next === null) return null;
        sequence += String.fromCharCode(next);
        const opened = sequence.length === 2 && (next === 0x5b || next === 0x4f);
        if (!opened && (sequence.length === 2 || next >= 0x40 || sequence.length > 16)) break;
      }
      // Bracketed paste: the brackets are no text.
      if (sequence !== '\x1b[200~' && sequence !== '\x1b[201~') return sequence;
    }
  }

  async #byte(): Promise<number | null> {
    while (this.#at >= this.#waiting.length) {
      this.#flush();
      const more = await this.#inbox.read();
      if (more === null) return null;
      this.#waiting = more;
      this.#at = 0;
    }
    return this.#waiting[this.#at++]!;
  }
}

/** What the kernel echoes for a character (ECHOCTL). */
function visible(key: string): string {
  return key >= ' ' || key === '\t' ? key : `^${String.fromCharCode(key.charCodeAt(0) + 64)}`;
}
