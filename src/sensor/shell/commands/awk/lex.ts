import { AwkFault } from './syntax.ts';

export interface Token {
  kind: 'number' | 'string' | 'regex' | 'name' | 'call' | 'mark' | 'newline' | 'end';
  text: string;
  /** Blanks stand before it. */
  spaced: boolean;
}

const sizeLimit = 65_536;
const marks =
  /^(\*\*=|\*\*|\+\+|--|\+=|-=|\*=|\/=|%=|\^=|==|<=|>=|!=|!~|&&|\|\||>>|[{}()[\];,+\-*/%^!<>|?:~$=])/;
const escapes: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  '"': '"',
  '/': '/',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
};

/** Cuts an awk program into tokens. A slash is a division only behind what can be divided. */
export function lex(text: string): Token[] {
  if (text.length > sizeLimit) throw new AwkFault('program too large');
  const tokens: Token[] = [];
  let at = 0;
  let spaced = false;
  const push = (kind: Token['kind'], value: string) => {
    tokens.push({ kind, text: value, spaced });
    spaced = false;
  };
  while (at < text.length) {
    const char = text[at]!;
    if (char === ' ' || char === '\t' || char === '\r') {
      at++;
      spaced = true;
    } else if (char === '\\' && text[at + 1] === '\n') at += 2;
    else if (char === '#') {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
    } else if (char === '\n') {
      push('newline', '\n');
      at++;
    } else if (char === '"') {
      let value = '';
      for (at++; text[at] !== '"'; at++) {
        if (at >= text.length || text[at] === '\n') throw new AwkFault('runaway string constant');
        if (text[at] !== '\\') value += text[at];
        else {
          const octal = /^[0-7]{1,3}/.exec(text.slice(at + 1, at + 4));
          if (octal) {
            value += String.fromCharCode(Number.parseInt(octal[0], 8) & 255);
            at += octal[0].length;
          } else {
            const next = text[++at] ?? '';
            value += escapes[next] ?? `\\${next}`;
          }
        }
      }
      at++;
      push('string', value);
    } else if (/[0-9.]/.test(char) && /^(\d+\.?\d*|\.\d+)/.test(text.slice(at, at + 64))) {
      const found = /^(0x[0-9a-f]+|(\d+\.?\d*|\.\d+)(e[-+]?\d+)?)/i.exec(text.slice(at, at + 64))![0];
      at += found.length;
      push('number', found);
    } else if (/[A-Za-z_]/.test(char)) {
      const found = /^\w+/.exec(text.slice(at, at + 256))![0];
      at += found.length;
      push(text[at] === '(' ? 'call' : 'name', found);
    } else if (char === '/' && !divides(tokens.at(-1))) {
      let value = '';
      let inside = false;
      for (at++; text[at] !== '/' || inside; at++) {
        if (at >= text.length || text[at] === '\n') throw new AwkFault('runaway regular expression');
        if (text[at] === '[') inside = true;
        else if (text[at] === ']') inside = false;
        if (text[at] === '\\') {
          value += text[at + 1] === '/' ? '/' : `\\${text[at + 1] ?? ''}`;
          at++;
        } else value += text[at];
      }
      at++;
      push('regex', value);
    } else {
      const found = marks.exec(text.slice(at, at + 3))?.[0];
      if (!found) throw new AwkFault(`unexpected character '${char}'`);
      at += found.length;
      push('mark', found);
    }
  }
  push('end', '');
  return tokens;
}

function divides(before: Token | undefined): boolean {
  if (!before) return false;
  if (before.kind === 'name') return !/^(print|printf|return|in|getline|else|do)$/.test(before.text);
  return (
    before.kind === 'number' ||
    before.kind === 'string' ||
    (before.kind === 'mark' && /^(\)|\]|\$|\+\+|--)$/.test(before.text))
  );
}
