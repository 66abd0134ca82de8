// Over 300 lines: the lexer is one idea, quoting decides where a word ends, so that it cannot be cut further.
import { readEscapes } from './escapes.ts';
import { readParameter } from './parameter.ts';
import { type Part, type Redirect, type Script, SyntaxFault, Unfinished, type Word } from './syntax.ts';

/** How deep `${ }` and `$(( ))` may nest. */
const depthLimit = 16;
const blank = /[ \t\r]/;
const wordEnd = /[\s;&|()<>]/;
const nameStart = /[A-Za-z_]/;
const nameChars = /^[A-Za-z_][A-Za-z0-9_]*/;

/** Reads words and marks off a script's text (POSIX XCU §2.3). `nested` parses what stands in `$( )` and backticks. */
export class Words {
  #text: string;
  #at = 0;
  readonly #nested: (text: string, line: number) => Script;
  readonly #depth: number;
  /** True where bash's own words are understood. */
  readonly extended: boolean;
  readonly #firstLine: number;
  #counted = 0;
  #lines = 0;
  #documents: { word: Word; end: string; strip: boolean; quoted: boolean }[] = [];

  constructor(
    text: string,
    nested: (text: string, line: number) => Script,
    { depth = 0, extended = false, line = 1 } = {},
  ) {
    if (depth > depthLimit) throw new SyntaxFault('nested too deeply');
    this.extended = extended;
    this.#firstLine = line;
    this.#text = text;
    this.#nested = nested;
    this.#depth = depth;
  }

  get ended(): boolean {
    return this.#at >= this.#text.length;
  }

  get rest(): string {
    return this.#text.slice(this.#at, this.#at + 256);
  }

  get position(): number {
    return this.#at;
  }

  /** True right behind a line's end. */
  get atLineStart(): boolean {
    return this.#text[this.#at - 1] === '\n';
  }

  /** The text from a position to here. */
  since(start: number): string {
    return this.#text.slice(start, this.#at);
  }

  /** The line that is read now, counted on from where the text began. */
  get line(): number {
    for (; this.#counted < this.#at; this.#counted++) if (this.#text[this.#counted] === '\n') this.#lines++;
    return this.#firstLine + this.#lines;
  }

  /** True while a here-document's text has not come. */
  get awaits(): boolean {
    return this.#documents.length > 0;
  }

  at(mark: string): boolean {
    return this.#text.startsWith(mark, this.#at);
  }

  take(mark: string): boolean {
    if (!this.at(mark)) return false;
    this.#at += mark.length;
    if (mark === '\n') this.#readDocuments();
    return true;
  }

  /** The plain word that comes next, without taking it. */
  bareWord(): string | undefined {
    this.skipBlanks();
    const found = /^[^\s;&|()<>"'`$\\]+/.exec(this.rest)?.[0];
    const after = found ? this.#text[this.#at + found.length] : undefined;
    return found && (after === undefined || wordEnd.test(after)) ? found : undefined;
  }

  atWord(word: string): boolean {
    return this.bareWord() === word;
  }

  takeWord(word: string): boolean {
    if (!this.atWord(word)) return false;
    this.#at += word.length;
    return true;
  }

  skipBlanks(): void {
    for (;;) {
      const char = this.#text[this.#at];
      if (char === '\\' && this.#text[this.#at + 1] === '\n') this.#at += 2;
      else if (char !== undefined && blank.test(char)) this.#at++;
      else if (char === '#') {
        const end = this.#text.indexOf('\n', this.#at);
        this.#at = end < 0 ? this.#text.length : end;
      } else return;
    }
  }

  skipLines(): void {
    do this.skipBlanks();
    while (this.take('\n'));
  }

  /** `name=` at the start of an assignment, in bash also `name+=` and `name[…]=`. */
  assignment(): { name: string; append: boolean; index?: Word } | undefined {
    this.skipBlanks();
    const pattern = this.extended
      ? /^([A-Za-z_][A-Za-z0-9_]*)(?:\[([^\]\n]*)\])?(\+?)=/
      : /^([A-Za-z_][A-Za-z0-9_]*)=/;
    const found = pattern.exec(this.rest);
    if (!found) return undefined;
    this.#at += found[0].length;
    const head = { name: found[1]!, append: found[3] === '+' };
    return found[2] === undefined ? head : { ...head, index: this.inner(found[2]) };
  }

  /** `[…]=` before an element of an array. */
  elementIndex(): Word | undefined {
    this.skipBlanks();
    const found = /^\[([^\]\n]*)\]=/.exec(this.rest);
    if (!found) return undefined;
    this.#at += found[0].length;
    return this.inner(found[1]!);
  }

  functionName(): string | undefined {
    const found = (
      this.extended
        ? /^([^\s;&|()<>"'`$\\={}!]+)[ \t]*\([ \t]*\)/
        : /^([A-Za-z_][A-Za-z0-9_]*)[ \t]*\([ \t]*\)/
    ).exec(this.rest);
    if (!found) return undefined;
    this.#at += found[0].length;
    return found[1];
  }

  redirect(): Pick<Redirect, 'fd' | 'op'> | undefined {
    this.skipBlanks();
    const found = /^(\d?)(&>>?|<<<|<<|>>|>&|<&|>\||<>|<|>)/.exec(this.rest);
    if (!found) return undefined;
    // Only bash knows `&>`: others read it as `&` and `>`.
    if (found[2]!.startsWith('&') && (!this.extended || found[1])) return undefined;
    if (/^[<>]\(/.test(this.rest) && this.extended) return undefined;
    if (found[2] === '<<<' && !this.extended)
      throw new SyntaxFault('unexpected redirection', { redirection: true });
    this.#at += found[0].length;
    const op = found[2] === '>|' ? '>' : found[2] === '<>' ? '<' : (found[2] as Redirect['op']);
    return { fd: found[1] ? Number(found[1]) : op.startsWith('<') ? 0 : 1, op };
  }

  /** The delimiter of a here-document; its text follows after the line and is put into the word that this returns. */
  hereDocument(): Word {
    const strip = this.take('-');
    const delimiter = this.word();
    if (!delimiter) throw new SyntaxFault('unexpected newline');
    const end = delimiter.map((part) => (part.kind === 'text' ? part.text : '')).join('');
    const word: Word = [];
    this.#documents.push({ word, end, strip, quoted: delimiter.some((part) => part.quoted) });
    return word;
  }

  /** The next word, or undefined where a mark or the end comes. After `name=` a word may be empty: no blanks are skipped. */
  word(directly = false): Word | undefined {
    if (!directly) this.skipBlanks();
    const word: Word = [];
    const start = this.#at;
    while (!this.ended) {
      const char = this.#text[this.#at]!;
      if (wordEnd.test(char)) break;
      this.#part(word, char);
    }
    return this.#at === start ? undefined : word;
  }

  #part(word: Word, char: string): void {
    if (char === "'") {
      const end = this.#text.indexOf("'", this.#at + 1);
      if (end < 0) this.#unclosed('unterminated quoted string', "'");
      word.push({ kind: 'text', text: this.#text.slice(this.#at + 1, end), quoted: true });
      this.#at = end + 1;
    } else if (char === '"') {
      this.#at++;
      this.#quoted(word, '"');
    } else if (char === '\\') {
      const next = this.#text[this.#at + 1];
      this.#at += 2;
      if (next === undefined) addText(word, '\\', true);
      else if (next !== '\n') addText(word, next, true);
    } else if (this.extended && (this.at("$'") || this.at('$"'))) this.#dollarQuoted(word);
    else if (char === '$' || char === '`') this.#expansion(word, false);
    else {
      const end = this.#text.slice(this.#at).search(/[\s;&|()<>'"\\$`]/);
      const stop = end < 0 ? this.#text.length : this.#at + end;
      addText(word, this.#text.slice(this.#at, stop), false);
      this.#at = stop;
    }
  }

  /** `$'…'` with the escapes of C, and `$"…"`. */
  #dollarQuoted(word: Word): void {
    if (this.take('$"')) {
      this.#quoted(word, '"');
      return;
    }
    let end = this.#at + 2;
    while (end < this.#text.length && this.#text[end] !== "'") end += this.#text[end] === '\\' ? 2 : 1;
    if (end >= this.#text.length) this.#unclosed('unterminated quoted string', "'");
    addText(word, readEscapes(this.#text.slice(this.#at + 2, end)).text.replace(/\\(['"?])/g, '$1'), true);
    this.#at = end + 1;
  }

  #unclosed(message: string, unclosed: string): never {
    const fault = new Unfinished(message, { unclosed });
    fault.line = this.line;
    throw fault;
  }

  /** Text with expansions up to `end`, or to the end of all where there is none (a here-document). */
  #quoted(word: Word, end: string): void {
    addText(word, '', true);
    for (;;) {
      const char = this.#text[this.#at];
      if (char === undefined) {
        if (end) this.#unclosed('unterminated quoted string', end);
        return;
      }
      if (char === end) {
        this.#at++;
        return;
      }
      if (char === '\\') {
        const next = this.#text[this.#at + 1] ?? '';
        if (next === '\n') this.#at += 2;
        else if (next && '$`"\\'.includes(next)) {
          addText(word, next, true);
          this.#at += 2;
        } else {
          addText(word, '\\', true);
          this.#at++;
        }
      } else if (char === '$' || char === '`') this.#expansion(word, true);
      else {
        const stop = this.#text.slice(this.#at).search(end ? /["\\$`]/ : /[\\$`]/);
        const to = stop < 0 ? this.#text.length : this.#at + stop;
        addText(word, this.#text.slice(this.#at, to), true);
        this.#at = to;
      }
    }
  }

  #expansion(word: Word, quoted: boolean): void {
    if (this.take('`')) {
      const text = this.#until('`', 'EOF in backquote substitution');
      word.push({
        kind: 'substitution',
        script: this.#nested(text.replace(/\\([`\\$])/g, '$1'), this.line),
        quoted,
      });
    } else if (this.at('$((')) {
      const end = this.#closing(this.#at + 1);
      const inner = this.#text.slice(this.#at + 3, end - 1);
      if (this.#text[end - 1] !== ')') {
        this.#substitution(word, quoted, end);
        return;
      }
      this.#at = end + 1;
      word.push({ kind: 'arithmetic', text: this.inner(inner), quoted });
    } else if (this.at('$(')) this.#substitution(word, quoted, this.#closing(this.#at + 1));
    else if (this.at('${')) {
      const end = this.#brace(this.#at + 2);
      const text = this.#text.slice(this.#at + 2, end);
      this.#at = end + 1;
      word.push(readParameter(text, quoted, this.extended, (inner) => this.#argument(inner)));
    } else {
      const next = this.#text[this.#at + 1] ?? '';
      const name = nameStart.test(next)
        ? nameChars.exec(this.#text.slice(this.#at + 1, this.#at + 257))![0]
        : /[0-9@*#?$!-]/.test(next)
          ? next
          : '';
      this.#at += 1 + name.length;
      if (name) word.push({ kind: 'variable', name, op: '', argument: [], quoted });
      else addText(word, '$', quoted);
    }
  }

  #substitution(word: Word, quoted: boolean, end: number): void {
    const script = this.#nested(this.#text.slice(this.#at + 2, end), this.line);
    this.#at = end + 1;
    word.push({ kind: 'substitution', script, quoted });
  }

  /** The word after an operator in `${ }`: quotes count, blanks do not end it. */
  #argument(text: string): Word {
    const inner = new Words(text, this.#nested, this.#below());
    const word: Word = [];
    while (!inner.ended) {
      const char = inner.#text[inner.#at]!;
      if (wordEnd.test(char)) {
        addText(word, char, false);
        inner.#at++;
      } else inner.#part(word, char);
    }
    return word;
  }

  /** A word of its own inside `$(( ))` or a here-document: expansions only. */
  inner(text: string): Word {
    const word: Word = [];
    new Words(text, this.#nested, this.#below()).#quoted(word, '');
    return word;
  }

  #below() {
    return { depth: this.#depth + 1, extended: this.extended, line: this.line };
  }

  /** What stands between `((` and `))`; undefined, and nothing taken, where it is no arithmetic. */
  arithmetic(): string | undefined {
    if (!this.extended || !this.at('((')) return undefined;
    const end = this.#closing(this.#at);
    if (this.#text[end - 1] !== ')') return undefined;
    const text = this.#text.slice(this.#at + 2, end - 1);
    this.#at = end + 1;
    return text;
  }

  /** A regular expression behind `=~`: it goes on to the next blank outside quotes and brackets. */
  pattern(): Word {
    this.skipBlanks();
    const word: Word = [];
    let depth = 0;
    while (!this.ended) {
      const char = this.#text[this.#at]!;
      if (char === '(' || char === ')' || char === '|' || (depth > 0 && char !== '\n' && blank.test(char))) {
        if (char === '(') depth++;
        else if (char === ')' && --depth < 0) break;
        addText(word, char, false);
        this.#at++;
      } else if (/[\s;&<>]/.test(char)) break;
      else this.#part(word, char);
    }
    return word;
  }

  /** `<( )` and `>( )`. */
  process(): Script | undefined {
    this.skipBlanks();
    if (!this.extended || !(this.at('<(') || this.at('>('))) return undefined;
    const end = this.#closing(this.#at + 1);
    const script = this.#nested(this.#text.slice(this.#at + 2, end), this.line);
    this.#at = end + 1;
    return script;
  }

  /** The place of the brace that closes `${`. */
  #brace(start: number): number {
    let depth = 1;
    for (let at = start; at < this.#text.length; at++) {
      const char = this.#text[at];
      if (char === '\\') at++;
      else if (char === '$' && this.#text[at + 1] === '{') {
        depth++;
        at++;
      } else if (char === '}' && --depth === 0) return at;
    }
    return this.#unclosed('missing "}"', '}');
  }

  #until(mark: string, otherwise: string): string {
    const start = this.#at;
    for (; this.#at < this.#text.length; this.#at++) {
      const char = this.#text[this.#at];
      if (char === '\\') this.#at++;
      else if (char === mark) return this.#text.slice(start, this.#at++);
    }
    return this.#unclosed(otherwise, mark);
  }

  /** The place of the parenthesis that closes the one at `open`; quotes hide what is in them. */
  #closing(open: number): number {
    let depth = 0;
    for (let at = open; at < this.#text.length; at++) {
      const char = this.#text[at];
      if (char === '\\') at++;
      else if (char === "'" || char === '"') {
        const end = this.#text.indexOf(char, at + 1);
        if (end < 0) break;
        at = end;
      } else if (char === '(') depth++;
      else if (char === ')' && --depth === 0) return at;
    }
    return this.#unclosed('unexpected end of file (expecting ")")', ')');
  }

  #readDocuments(): void {
    for (const { word, end, strip, quoted } of this.#documents.splice(0)) {
      const lines: string[] = [];
      for (;;) {
        if (this.ended) throw new Unfinished('unexpected end of file');
        const stop = this.#text.indexOf('\n', this.#at);
        let line = this.#text.slice(this.#at, stop < 0 ? undefined : stop);
        this.#at = stop < 0 ? this.#text.length : stop + 1;
        if (strip) line = line.replace(/^\t+/, '');
        if (line === end) break;
        lines.push(`${line}\n`);
      }
      const text = lines.join('');
      if (quoted) addText(word, text, true);
      else word.push(...this.inner(text));
    }
  }
}

function addText(word: Word, text: string, quoted: boolean): void {
  const last: Part | undefined = word.at(-1);
  if (last?.kind === 'text' && last.quoted === quoted) last.text += text;
  else word.push({ kind: 'text', text, quoted });
}
