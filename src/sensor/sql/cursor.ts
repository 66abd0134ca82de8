import { type Dialect, lex, SqlFault, type Token } from './lexer.ts';

const depthLimit = 48;

/** Walks over the tokens of one statement. */
export class Cursor {
  readonly text: string;
  readonly dialect: Dialect;
  readonly tokens: Token[];
  #next = 0;
  #depth = 0;
  #parameters = 0;

  constructor(text: string, dialect: Dialect, tokens = lex(text, dialect)) {
    this.text = text;
    this.dialect = dialect;
    this.tokens = tokens;
  }

  get token(): Token {
    const last = this.tokens.at(-1)?.end ?? 0;
    return this.tokens[this.#next] ?? { kind: 'end', text: '', at: last, end: last };
  }

  get done(): boolean {
    return this.token.kind === 'end' || this.isOp(';');
  }

  ahead(count: number): Token | undefined {
    return this.tokens[this.#next + count];
  }

  take(): Token {
    const { token } = this;
    if (token.kind === 'end') throw this.fault();
    this.#next++;
    return token;
  }

  /** Whether the next words are these, in any case. */
  is(...words: string[]): boolean {
    return words.every((word, index) => {
      const token = this.tokens[this.#next + index];
      return token?.kind === 'word' && token.text.toLowerCase() === word;
    });
  }

  isOp(text: string): boolean {
    return this.token.kind === 'op' && this.token.text === text;
  }

  /** Takes these words where they come next. */
  accept(...words: string[]): boolean {
    if (!this.is(...words)) return false;
    this.#next += words.length;
    return true;
  }

  acceptOp(text: string): boolean {
    if (!this.isOp(text)) return false;
    this.#next++;
    return true;
  }

  expect(...words: string[]): void {
    for (const word of words) if (!this.accept(word)) throw this.fault();
  }

  expectOp(text: string): void {
    if (!this.acceptOp(text)) throw this.fault();
  }

  /** A name, bare or quoted. PostgreSQL folds bare ones to lower case (§4.1.1). */
  name(): string {
    const { token } = this;
    if (token.kind !== 'word' && token.kind !== 'name') throw this.fault();
    this.#next++;
    return token.kind === 'word' && this.dialect === 'postgres' ? token.text.toLowerCase() : token.text;
  }

  /** Names joined by dots. */
  path(): string[] {
    const path = [this.name()];
    while (this.acceptOp('.')) path.push(this.name());
    return path;
  }

  string(): string {
    if (this.token.kind !== 'string') throw this.fault();
    return this.take().text;
  }

  parameter(token: Token): number {
    return token.text === '?' ? this.#parameters++ : Number(token.text) - 1;
  }

  /** Skips to the end of the statement. */
  rest(): Token[] {
    const from = this.#next;
    while (!this.done) this.#next++;
    return this.tokens.slice(from, this.#next);
  }

  mark(): number {
    return this.#next;
  }

  back(to: number): void {
    this.#next = to;
  }

  /** Bounds how deep expressions nest. */
  deeper<T>(parse: () => T): T {
    if (++this.#depth > depthLimit) throw this.fault();
    try {
      return parse();
    } finally {
      this.#depth--;
    }
  }

  fault(): SqlFault {
    const { token } = this;
    if (token.kind === 'end') return new SqlFault('syntax', '', this.text.length);
    return new SqlFault('syntax', this.text.slice(token.at), token.at);
  }
}

/** The statements of a text, each with its own tokens and words. */
export function statements(text: string, dialect: Dialect): Cursor[] {
  const all: Cursor[] = [];
  let tokens: Token[] = [];
  for (const token of lex(text, dialect)) {
    if (token.kind === 'op' && token.text === ';') {
      if (tokens.length) all.push(new Cursor(text, dialect, tokens));
      tokens = [];
    } else tokens.push(token);
  }
  if (tokens.length) all.push(new Cursor(text, dialect, tokens));
  return all;
}
