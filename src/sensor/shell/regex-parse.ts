/** What a regular expression is made of. Sets hold a bit for each of the 256 bytes. */
export type Node =
  | { kind: 'set'; set: Uint8Array }
  | { kind: 'start' }
  | { kind: 'end' }
  | { kind: 'edge'; where: 'b' | 'B' | '<' | '>' }
  | { kind: 'group'; number: number; body: Node }
  | { kind: 'sequence'; parts: Node[] }
  | { kind: 'choice'; parts: Node[] }
  | { kind: 'repeat'; body: Node; min: number; max: number };

export interface Flavour {
  /** Extended regular expressions (POSIX XBD §9.4) in place of basic ones (§9.3). */
  extended?: boolean;
  ignoreCase?: boolean;
}

/** A pattern that cannot be read; the message is what regcomp(3) says. */
export class RegexFault extends Error {}

const lengthLimit = 4_096;
const depthLimit = 64;
const repeatLimit = 255;

const classes: Record<string, (char: string) => boolean> = {
  alpha: (c) => /[A-Za-z]/.test(c),
  digit: (c) => /[0-9]/.test(c),
  alnum: (c) => /[A-Za-z0-9]/.test(c),
  upper: (c) => /[A-Z]/.test(c),
  lower: (c) => /[a-z]/.test(c),
  space: (c) => /[ \t\n\v\f\r]/.test(c),
  blank: (c) => c === ' ' || c === '\t',
  punct: (c) => /[!-/:-@[-`{-~]/.test(c),
  print: (c) => c >= ' ' && c <= '~',
  graph: (c) => c > ' ' && c <= '~',
  cntrl: (c) => c < ' ' || c === '\x7f',
  xdigit: (c) => /[0-9A-Fa-f]/.test(c),
};

export function setOf(test: (char: string) => boolean): Uint8Array {
  const set = new Uint8Array(256);
  for (let code = 0; code < 256; code++) if (test(String.fromCharCode(code))) set[code] = 1;
  return set;
}

const word = (c: string) => /[A-Za-z0-9_]/.test(c);
const escapes: Record<string, (c: string) => boolean> = {
  w: word,
  W: (c) => !word(c),
  s: classes.space!,
  S: (c) => !classes.space!(c),
  d: classes.digit!,
  D: (c) => !classes.digit!(c),
};
const controls: Record<string, string> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', a: '\x07' };

/** Reads a POSIX regular expression with GNU's additions (`\w`, `\b`, `\+` and `\|` in basic ones). */
export function parseRegex(
  pattern: string,
  { extended = false, ignoreCase = false }: Flavour,
): { root: Node; groups: number } {
  if (pattern.length > lengthLimit) throw new RegexFault('Regular expression too big');
  let at = 0;
  let groups = 0;

  /** A mark that is special as it stands in extended expressions, behind a backslash in basic ones. */
  const marked = (mark: string) => {
    const text = extended ? mark : `\\${mark}`;
    return pattern.startsWith(text, at) ? text.length : 0;
  };
  const one = (char: string) =>
    setOf((c) => c === char || (ignoreCase && c.toLowerCase() === char.toLowerCase()));

  function choice(depth: number): Node {
    if (depth > depthLimit) throw new RegexFault('Regular expression too big');
    const parts = [sequence(depth)];
    for (let size = marked('|'); size; size = marked('|')) {
      at += size;
      parts.push(sequence(depth));
    }
    return parts.length === 1 ? parts[0]! : { kind: 'choice', parts };
  }

  function sequence(depth: number): Node {
    const parts: Node[] = [];
    const begin = at;
    while (at < pattern.length && !marked('|') && !(marked(')') && (depth > 0 || !extended))) {
      const piece = atom(depth, at === begin);
      parts.push(repeated(piece));
    }
    return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts };
  }

  function repeated(piece: Node): Node {
    let body = piece;
    for (let i = 0; i < 16; i++) {
      let range: [number, number] | undefined;
      const brace = marked('{');
      if (pattern[at] === '*') {
        range = [0, Number.POSITIVE_INFINITY];
        at++;
      } else if (marked('+')) {
        at += marked('+');
        range = [1, Number.POSITIVE_INFINITY];
      } else if (marked('?')) {
        at += marked('?');
        range = [0, 1];
      } else if (brace) {
        const found = /^(\d{0,3})(,?)(\d{0,3})\\?\}/.exec(pattern.slice(at + brace, at + brace + 10));
        if (!found || (found[1] === '' && found[2] === '')) {
          if (extended) return body;
          throw new RegexFault('Invalid content of \\{\\}');
        }
        const low = Number(found[1] || 0);
        const high = found[2] ? (found[3] ? Number(found[3]) : Number.POSITIVE_INFINITY) : low;
        if (low > repeatLimit || (high !== Number.POSITIVE_INFINITY && (high > repeatLimit || high < low)))
          throw new RegexFault('Invalid content of \\{\\}');
        at += brace + found[0].length;
        range = [low, high];
      }
      if (!range) return body;
      body = { kind: 'repeat', body, min: range[0], max: range[1] };
    }
    return body;
  }

  function atom(depth: number, first: boolean): Node {
    const open = marked('(');
    if (open) {
      at += open;
      const number = ++groups;
      const body = choice(depth + 1);
      const close = marked(')');
      if (!close) throw new RegexFault(extended ? 'Unmatched ( or \\(' : 'Unmatched ( or \\(');
      at += close;
      return { kind: 'group', number, body };
    }
    if (!extended && pattern.startsWith('\\)', at)) throw new RegexFault('Unmatched ) or \\)');
    const char = pattern[at++]!;
    if (char === '.') return { kind: 'set', set: setOf(() => true) };
    if (char === '[') return { kind: 'set', set: bracket() };
    if (char === '^' && (extended || first)) return { kind: 'start' };
    const rest = pattern.slice(at, at + 2);
    if (char === '$' && (extended || rest === '' || rest === '\\)' || rest === '\\|')) return { kind: 'end' };
    if (char !== '\\') return { kind: 'set', set: one(char) };
    const next = pattern[at++];
    if (next === undefined) throw new RegexFault('Trailing backslash');
    if (next === 'b' || next === 'B' || next === '<' || next === '>') return { kind: 'edge', where: next };
    if (next === '`') return { kind: 'start' };
    if (next === "'") return { kind: 'end' };
    const test = escapes[next];
    if (test) return { kind: 'set', set: setOf(test) };
    return { kind: 'set', set: one(controls[next] ?? next) };
  }

  function bracket(): Uint8Array {
    const negated = pattern[at] === '^';
    if (negated) at++;
    const set = new Uint8Array(256);
    const add = (code: number) => {
      if (code > 255) return;
      set[code] = 1;
      if (!ignoreCase) return;
      const char = String.fromCharCode(code);
      for (const other of [char.toLowerCase(), char.toUpperCase()])
        if (other.charCodeAt(0) < 256) set[other.charCodeAt(0)] = 1;
    };
    for (let start = true; ; start = false) {
      const char = pattern[at];
      if (char === undefined) throw new RegexFault('Unmatched [, [^, [:, [., or [=');
      if (char === ']' && !start) {
        at++;
        break;
      }
      const named = /^\[:(\w+):\]/.exec(pattern.slice(at, at + 16));
      if (named) {
        const test = classes[named[1]!];
        if (!test) throw new RegexFault('Invalid character class name');
        for (let code = 0; code < 256; code++) if (test(String.fromCharCode(code))) add(code);
        at += named[0].length;
        continue;
      }
      at++;
      if (pattern[at] === '-' && pattern[at + 1] !== undefined && pattern[at + 1] !== ']') {
        const high = pattern.charCodeAt(at + 1);
        if (high < char.charCodeAt(0)) throw new RegexFault('Invalid range end');
        for (let code = char.charCodeAt(0); code <= Math.min(high, 255); code++) add(code);
        at += 2;
      } else add(char.charCodeAt(0));
    }
    if (negated) for (let code = 0; code < 256; code++) set[code] = set[code] ? 0 : 1;
    return set;
  }

  const root = choice(0);
  if (at < pattern.length) throw new RegexFault('Unmatched ) or \\)');
  return { root, groups };
}
