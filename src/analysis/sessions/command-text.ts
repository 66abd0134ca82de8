/** Simple commands that one text is cut into, and characters of a text that are looked at. */
const pieceLimit = 256;
const textLimit = 65_536;

/**
 * A command's text without what attackers vary at no cost: letter case, quotes and backslashes, `${IFS}`, blanks (also those
 * around `|`, `<`, `>` and `,`), and the folder of a system's program. Only for comparing: it is no command any more.
 */
export function canonical(text: string): string {
  return fold(text).trim();
}

/** The same for a part of a text, whose outer blanks tell where a word ends. */
export function fold(text: string): string {
  return (text.length > textLimit ? text.slice(0, textLimit) : text)
    .toLowerCase()
    .replace(/\$\{ifs\}|\$ifs(?:\$\d)?/g, ' ')
    .replace(/\\\r?\n/g, '')
    .replace(/['"\\\u0000]/g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([|<>,]) ?/g, '$1')
    .replace(/(^|[ |;&(`=<>])\/(?:usr\/)?(?:local\/)?s?bin\/(?:\.\/)?(?=[a-z[])/g, '$1');
}

/**
 * The simple commands and pipelines of a shell's text in their order: cut at `;`, `&`, `&&`, `||` and line ends outside of quotes
 * and substitutions, and what a `sh -c` is given cut likewise. Tolerant: an open quote is taken for a letter.
 */
export function split(text: string, depth = 0): string[] {
  const source = text.length > textLimit ? text.slice(0, textLimit) : text;
  const pieces: string[] = [];
  if (!cut(source, true, pieces)) {
    pieces.length = 0;
    cut(source, false, pieces);
  }
  if (depth >= 2 || !/\s-\w{0,4}c\s|\beval\b/.test(source)) return pieces;
  const all: string[] = [];
  for (const piece of pieces) {
    if (all.length >= pieceLimit) break;
    all.push(piece);
    const inner = innerOf(piece);
    if (inner !== undefined) all.push(...split(inner, depth + 1).slice(0, pieceLimit - all.length));
  }
  return all;
}

const nested = /(?:\b(?:(?:ba|da|a|z|k)?sh|su\b[^'"]{0,64})\s{1,8}-\w{0,4}c|\beval)\s{1,8}(['"])/;

/** What a shell is given to run by `-c` or `eval`: from its quote to the last of the same kind. */
function innerOf(piece: string): string | undefined {
  const found = nested.exec(piece);
  if (!found) return undefined;
  const from = found.index + found[0].length;
  const to = piece.lastIndexOf(found[1]!);
  return to - from >= 3 ? piece.slice(from, to) : undefined;
}

/** Cuts at separators. False where quotes were heeded and one was left open. */
function cut(source: string, quotes: boolean, into: string[]): boolean {
  let from = 0;
  let quote = '';
  let depth = 0;
  const end = (at: number) => {
    const piece = source.slice(from, at).trim().replace(leading, '').trim();
    if (piece !== '' && into.length < pieceLimit) into.push(piece);
    from = at + 1;
  };
  for (let i = 0; i < source.length; i++) {
    const char = source[i]!;
    if (quote !== '') {
      if (char === '\\' && quote === '"') i++;
      else if (char === quote) quote = '';
      continue;
    }
    switch (char) {
      case '\\':
        i++;
        break;
      case "'":
      case '"':
        if (quotes) quote = char;
        break;
      case '(':
        if (i > 0 && (source[i - 1] === '$' || depth > 0)) depth++;
        break;
      case ')':
        if (depth > 0) depth--;
        break;
      case '\n':
      case '\r':
        depth = 0;
        // A pipe at the end of a line goes on in the next.
        if (!/\|\s{0,16}$/.test(source.slice(Math.max(0, i - 18), i))) end(i);
        break;
      case ';':
        if (depth === 0) end(i);
        break;
      case '&':
        if (depth === 0 && source[i - 1] !== '>' && source[i - 1] !== '<' && source[i + 1] !== '>') end(i);
        break;
      case '|':
        if (depth === 0 && source[i + 1] === '|') {
          end(i);
          from = ++i + 1;
        }
        break;
    }
  }
  end(source.length);
  return quote === '';
}

const leading = /^(?:[\s({!]|(?:then|do|else|if|while|until|elif)\s)+/;

/**
 * What a canonical command is once names and numbers are taken out of it: `<url>`, `<ip>`, `<blob>` for long encoded text,
 * `<word>` for words that look random, `<n>` for numbers. Equal for variants of one script.
 */
export function shape(text: string): string {
  return (text.length > 2_048 ? text.slice(0, 2_048) : text)
    .replace(/\b[a-z][a-z0-9+]{1,15}:\/\/[^\s|<>,;()`]+/g, '<url>')
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b/g, '<ip>')
    .replace(/[a-z0-9+/=_-]{32,}/g, '<blob>')
    .replace(/\b(?=[a-z]{0,16}\d)(?=\d{0,16}[a-z])[a-z0-9]{8,31}\b/g, '<word>')
    .replace(/\b\d+\b/g, '<n>');
}

const wrappers = new Set(['sudo', 'nohup', 'env', 'exec', 'time', 'command', 'setsid', 'doas', 'builtin']);

/** The program that a canonical command names, without its folder and what only wraps it; `''` where there is none. */
export function program(text: string): string {
  let from = 0;
  for (let n = 0; n < 8; n++) {
    const space = text.indexOf(' ', from);
    const word = text.slice(from, space < 0 ? Math.min(text.length, from + 256) : space);
    if (space >= 0 && (wrappers.has(word) || /^[a-z_]\w{0,63}=/.test(word))) {
      from = space + 1;
      continue;
    }
    const bare = word.split(/[|<>]/, 1)[0]!;
    return bare.slice(bare.lastIndexOf('/') + 1);
  }
  return '';
}
