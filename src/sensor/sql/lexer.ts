/** How a server reads SQL: its quotes, comments and escapes. */
export type Dialect = 'mysql' | 'postgres';

export interface Token {
  /** `word`: bare; `name`: a quoted identifier; `variable`: `@x`, `@@x`; `parameter`: `$1` or `?`. */
  kind: 'word' | 'name' | 'string' | 'number' | 'variable' | 'parameter' | 'op' | 'end';
  text: string;
  /** Where it starts and ends in the text. */
  at: number;
  end: number;
}

const tokenLimit = 20_000;

/** What went wrong with a statement; each server has its own words for it. */
export class SqlFault extends Error {
  readonly kind: FaultKind;
  /** The name it is about, or the text near which it is. */
  readonly about: string;
  readonly at: number;
  constructor(kind: FaultKind, about = '', at = 0) {
    super(`${kind}: ${about}`);
    this.kind = kind;
    this.about = about;
    this.at = at;
  }
}
export type FaultKind =
  | 'syntax'
  | 'column'
  | 'table'
  | 'database'
  | 'noDatabase'
  | 'function'
  | 'variable'
  | 'type'
  | 'arguments'
  | 'columns'
  | 'full';

/** Cuts a text into tokens. MySQL: reference manual 8.0 §9; PostgreSQL: documentation 15 §4.1. One character a byte. */
export function lex(text: string, dialect: Dialect): Token[] {
  const tokens: Token[] = [];
  const mysql = dialect === 'mysql';
  let at = 0;
  let versioned = 0;
  const push = (kind: Token['kind'], value: string, end: number) => {
    if (tokens.length >= tokenLimit) throw new SqlFault('full');
    tokens.push({ kind, text: value, at, end });
    at = end;
  };
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  while (at < text.length) {
    const blank = match(/[\s\0]+/y);
    if (blank) {
      at += blank.length;
      continue;
    }
    const char = text[at]!;
    const two = text.slice(at, at + 2);
    if (two === '--' || (mysql && char === '#')) {
      const line = text.indexOf('\n', at);
      at = line < 0 ? text.length : line + 1;
    } else if (two === '/*') {
      // MySQL runs what stands in /*! ... */ and /*!50001 ... */.
      const run = mysql && match(/\/\*M?!\d*/y);
      if (run) {
        versioned++;
        at += run.length;
        continue;
      }
      const close = text.indexOf('*/', at + 2);
      at = close < 0 ? text.length : close + 2;
    } else if (two === '*/' && versioned > 0) {
      versioned--;
      at += 2;
    } else if (char === "'" || (mysql && char === '"')) quoted(char, mysql);
    else if (!mysql && /[eE]/.test(char) && text[at + 1] === "'") {
      at++;
      quoted("'", true);
    } else if (mysql && /[xX]/.test(char) && text[at + 1] === "'") {
      const hex = match(/[xX]'[0-9a-fA-F]*'/y);
      if (!hex) throw new SqlFault('syntax', text.slice(at), at);
      push('string', Buffer.from(hex.slice(2, -1), 'hex').toString('latin1'), at + hex.length);
    } else if (char === (mysql ? '`' : '"')) {
      const close = text.indexOf(char, at + 1);
      if (close < 0) throw new SqlFault('syntax', text.slice(at), at);
      push('name', text.slice(at + 1, close), close + 1);
    } else if (!mysql && char === '$') {
      const parameter = match(/\$\d+/y);
      const tag = match(/\$([A-Za-z_]\w*)?\$/y);
      if (parameter) push('parameter', parameter.slice(1), at + parameter.length);
      else if (tag) {
        const close = text.indexOf(tag, at + tag.length);
        if (close < 0) throw new SqlFault('syntax', text.slice(at), at);
        push('string', text.slice(at + tag.length, close), close + tag.length);
      } else throw new SqlFault('syntax', text.slice(at), at);
    } else if (mysql && char === '@') {
      const name = match(/@@?[\w.$]*(`[^`]*`)?/y)!;
      push('variable', name.replaceAll('`', ''), at + name.length);
    } else if (mysql && match(/0x[0-9a-fA-F]+\b/y)) {
      const hex = match(/0x[0-9a-fA-F]+/y)!;
      const digits = hex.length % 2 ? `0${hex.slice(2)}` : hex.slice(2);
      push('string', Buffer.from(digits, 'hex').toString('latin1'), at + hex.length);
    } else if (/[\d.]/.test(char) && match(/(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?/y)) {
      const number = match(/(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?/y)!;
      push('number', number, at + number.length);
    } else if (match(/[A-Za-z_\x80-\xff][\w$\x80-\xff]*/y)) {
      const word = match(/[A-Za-z_\x80-\xff][\w$\x80-\xff]*/y)!;
      push('word', word, at + word.length);
    } else if (mysql && char === '?') push('parameter', '?', at + 1);
    else {
      const op = match(/::|:=|<=>|<=|>=|<>|!=|\|\||&&|!~\*?|~\*|[-+*/%(),.;=<>!~&|^[\]:{}\\]/y) ?? char;
      push('op', op, at + op.length);
    }
  }
  return tokens;

  function quoted(quote: string, escapes: boolean): void {
    const start = at;
    const pieces: string[] = [];
    let from = at + 1;
    for (let i = from; ; i++) {
      if (i >= text.length) throw new SqlFault('syntax', text.slice(start), start);
      const here = text[i]!;
      if (here === quote && text[i + 1] !== quote) {
        pieces.push(text.slice(from, i));
        push('string', pieces.join(''), i + 1);
        return;
      }
      if (here === quote) {
        pieces.push(text.slice(from, ++i));
        from = i + 1;
      } else if (here === '\\' && escapes && i + 1 < text.length) {
        pieces.push(text.slice(from, i), unescaped(text[++i]!, mysql));
        from = i + 1;
      }
    }
  }
}

function unescaped(char: string, mysql: boolean): string {
  const known: Record<string, string> = {
    n: '\n',
    t: '\t',
    r: '\r',
    b: '\b',
    ...(mysql ? { 0: '\0', Z: '\x1a' } : { f: '\f' }),
  };
  if (mysql && (char === '%' || char === '_')) return `\\${char}`;
  return Object.hasOwn(known, char) ? known[char]! : char;
}
