import { Regex } from '../regex.ts';

/** How many commands a script may have. */
const commandLimit = 512;

export type Address =
  | { kind: 'line'; line: number }
  | { kind: 'last' }
  | { kind: 'match'; regex: Regex | null }
  | { kind: 'step'; first: number; step: number }
  | { kind: 'plus'; count: number };

/** One command of a script. */
export interface Instruction {
  from?: Address;
  to?: Address;
  negated: boolean;
  name: string;
  /** Text, label, file name, or what `y` and `s` need. */
  text: string;
  regex: Regex | null;
  by: string;
  flags: string;
  /** Where `{` ends, and `b` and `t` go. */
  target: number;
  /** The range that is open, by its last line. */
  until: number;
}

/** A script that cannot be read: what GNU sed says of it. */
export class SedFault extends Error {}

/** Reads a sed script (POSIX XCU `sed`). Throws `SedFault`, or `RegexFault`. */
export function parseSed(text: string, extended: boolean): Instruction[] {
  const all: Instruction[] = [];
  const open: number[] = [];
  const labels = new Map<string, number>();
  let at = 0;
  const fault = (message: string): never => {
    throw new SedFault(`-e expression #1, char ${at}: ${message}`);
  };
  const blanks = (also = '') => {
    while (at < text.length && (/\s/.test(text[at]!) || also.includes(text[at]!))) at++;
  };
  /** Up to the mark that is not behind a backslash; a backslash before the mark itself goes. */
  const until = (mark: string, otherwise: string): string => {
    let piece = '';
    for (let inside = false; at < text.length; at++) {
      const char = text[at]!;
      if (char === '\\' && at + 1 < text.length) {
        piece += text[at + 1] === mark && mark !== '\\' ? mark : `\\${text[at + 1]}`;
        at++;
        continue;
      }
      if (char === '[' && otherwise !== 'y') inside = true;
      else if (char === ']' && inside && piece.at(-1) !== '[') inside = false;
      if (char === mark && !(inside && text.indexOf(']', at) > 0 && false)) {
        at++;
        return piece;
      }
      piece += char;
    }
    return fault(otherwise);
  };
  const compile = (pattern: string, flags = ''): Regex | null =>
    pattern === ''
      ? null
      : new Regex(pattern.replaceAll('\\n', '\n'), { extended, ignoreCase: /[iI]/.test(flags) });
  const address = (): Address | undefined => {
    const number = /^\d+/.exec(text.slice(at, at + 12))?.[0];
    if (number !== undefined) {
      at += number.length;
      const step = /^~(\d+)/.exec(text.slice(at, at + 12));
      if (!step) return { kind: 'line', line: Number(number) };
      at += step[0].length;
      return { kind: 'step', first: Number(number), step: Number(step[1]) };
    }
    if (text[at] === '$') {
      at++;
      return { kind: 'last' };
    }
    if (text[at] !== '/' && text[at] !== '\\') return undefined;
    if (text[at] === '\\') at++;
    const mark = text[at++] ?? '';
    const pattern = until(mark, 'unterminated address regex');
    const flags = /^[IM]*/.exec(text.slice(at, at + 4))![0];
    at += flags.length;
    return { kind: 'match', regex: compile(pattern, flags) };
  };

  for (;;) {
    blanks(';');
    if (at >= text.length) break;
    if (all.length >= commandLimit) fault('too many commands');
    const one: Instruction = {
      negated: false,
      name: '',
      text: '',
      regex: null,
      by: '',
      flags: '',
      target: -1,
      until: 0,
    };
    const from = address();
    if (from) {
      one.from = from;
      blanks();
      if (text[at] === ',') {
        at++;
        blanks();
        const plus = /^\+(\d+)/.exec(text.slice(at, at + 10));
        if (plus) at += plus[0].length;
        const to = plus ? { kind: 'plus' as const, count: Number(plus[1]) } : address();
        if (!to) fault("unexpected `,'");
        else one.to = to;
      }
    }
    blanks();
    for (; text[at] === '!'; at++) one.negated = true;
    blanks();
    one.name = text[at++] ?? '';
    if (one.name === '') fault('missing command');
    switch (one.name) {
      case '#':
        at = text.indexOf('\n', at) < 0 ? text.length : text.indexOf('\n', at);
        continue;
      case '{':
        open.push(all.length);
        break;
      case '}': {
        const start = open.pop();
        if (start === undefined) fault("unexpected `}'");
        else all[start]!.target = all.length;
        break;
      }
      case 's': {
        const mark = text[at++] ?? '';
        const broken = "unterminated `s' command";
        const pattern = until(mark, broken);
        one.by = until(mark, broken);
        const flags = /^[gpiIMe0-9]*/.exec(text.slice(at, at + 16))![0];
        at += flags.length;
        one.flags = flags;
        if (text[at] === 'w') {
          const end = text.indexOf('\n', at);
          one.text = text.slice(at + 1, end < 0 ? undefined : end).trim();
          at = end < 0 ? text.length : end;
        } else if (at < text.length && !/[\s;}#]/.test(text[at]!)) fault("unknown option to `s'");
        one.regex = compile(pattern, flags);
        break;
      }
      case 'y': {
        const mark = text[at++] ?? '';
        one.text = until(mark, "unterminated `y' command");
        one.by = until(mark, "unterminated `y' command");
        break;
      }
      case 'a':
      case 'i':
      case 'c': {
        const found = /^[ \t]*(?:\\\n?)?[ \t]*((?:[^\\\n]|\\[\s\S])*)/.exec(text.slice(at));
        at += found![0].length;
        one.text = found![1]!.replace(/\\([\s\S])/g, '$1');
        break;
      }
      case ':':
      case 'b':
      case 't':
      case 'T': {
        const found = /^[ \t]*([^\s;}]*)/.exec(text.slice(at, at + 128))!;
        at += found[0].length;
        one.text = found[1]!;
        if (one.name === ':') labels.set(one.text, all.length);
        break;
      }
      case 'r':
      case 'w': {
        const end = text.indexOf('\n', at);
        one.text = text.slice(at, end < 0 ? undefined : end).trim();
        at = end < 0 ? text.length : end;
        break;
      }
      case 'q':
      case 'Q':
      case 'l': {
        const found = /^[ \t]*(\d*)/.exec(text.slice(at, at + 16))!;
        at += found[0].length;
        one.text = found[1]!;
        break;
      }
      default:
        if (!'dDgGhHnNpPxz=F'.includes(one.name)) fault(`unknown command: \`${one.name}'`);
    }
    all.push(one);
    const rest = /^[ \t]*/.exec(text.slice(at, at + 64))![0].length;
    if (!'{}:btTaic'.includes(one.name) && at + rest < text.length && !/[;\n}#]/.test(text[at + rest]!)) {
      at += rest + 1;
      fault('extra characters after command');
    }
  }
  if (open.length) throw new SedFault("-e expression #1, char 0: unmatched `{'");
  for (const one of all)
    if ('btT'.includes(one.name)) {
      const target = one.text === '' ? all.length : labels.get(one.text);
      if (target === undefined)
        throw new SedFault(
          `-e expression #1, char ${text.length}: can't find label for jump to \`${one.text}'`,
        );
      one.target = target;
    }
  return all;
}
