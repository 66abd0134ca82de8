import { Regex } from '../regex.ts';
import { type Call, defineCommand } from '../shell.ts';
import { getopt, joined, linesOf, sources } from './gnu/getopt.ts';

interface Key {
  from: number;
  to: number;
  how: string;
}

/** sort(1) with keys (POSIX XCU `sort`), numbers, human sizes, versions and months left to the text. */
export async function runSort(call: Call): Promise<number> {
  const long = {
    reverse: 'r',
    'numeric-sort': 'n',
    unique: 'u',
    key: 'k:',
    'field-separator': 't:',
    'human-numeric-sort': 'h',
    'version-sort': 'V',
    output: 'o:',
    'general-numeric-sort': 'g',
    'random-sort': 'R',
  };
  const keys: Key[] = [];
  // Keys add up where other options replace each other.
  for (const [i, arg] of call.args.entries()) {
    const text = arg === '-k' ? call.args[i + 1] : /^-k(.+)/.exec(arg)?.[1];
    const found = /^(\d+)(?:\.\d+)?([a-zA-Z]*)(?:,(\d+)(?:\.\d+)?([a-zA-Z]*))?$/.exec(text ?? '');
    if (found)
      keys.push({
        from: Number(found[1]),
        to: Number(found[3] ?? Number.MAX_SAFE_INTEGER),
        how: found[2]! + (found[4] ?? ''),
      });
  }
  const options = getopt(call, 'bcdfghik:Mmno:rRsS:t:T:uVz', long);
  if (!options) return 2;
  const { flags, words } = options;
  const { all, failed } = await sources(
    call,
    words,
    (word, error) => `cannot read: ${word}: ${error.message}`,
  );
  if (failed) return 2;
  const global = [...flags.keys()].filter((flag) => 'nghVrfMR'.includes(flag)).join('');
  const by = flags.get('t');
  const lines = all.flatMap(({ text }) => linesOf(text));
  call.shell.step(lines.length);
  const pick = (line: string, { from, to }: Key) =>
    by === undefined
      ? (line.match(/\s*\S+/g) ?? []).slice(from - 1, to).join('')
      : line
          .split(by)
          .slice(from - 1, to)
          .join(by);
  const sorted = lines.map((line) => ({ line, keys: keys.map((key) => pick(line, key)) }));
  const unique = flags.has('u');
  const order = (a: (typeof sorted)[0], b: (typeof sorted)[0], last: boolean): number => {
    for (const [i, key] of keys.entries()) {
      const how = key.how.replace('b', '') || global;
      const result = compare(a.keys[i]!, b.keys[i]!, how);
      if (result) return how.includes('r') ? -result : result;
    }
    const result = keys.length ? 0 : compare(a.line, b.line, global);
    if (result) return global.includes('r') ? -result : result;
    if (!last || unique) return 0;
    const text = a.line < b.line ? -1 : Number(a.line > b.line);
    return global.includes('r') ? -text : text;
  };
  sorted.sort((a, b) => order(a, b, true));
  const shown = sorted.filter((one, i) => !unique || i === 0 || order(one, sorted[i - 1]!, false) !== 0);
  const text = joined(shown.map(({ line }) => line));
  const to = flags.get('o');
  if (to === undefined) call.out(text);
  else call.fs.write(call.shell.path(to), Buffer.from(text, 'latin1'));
  return 0;
}

const units = ' KMGTPE';

function compare(a: string, b: string, how: string): number {
  if (/[ng]/.test(how)) return (Number.parseFloat(a) || 0) - (Number.parseFloat(b) || 0);
  if (how.includes('h')) {
    const size = (text: string) => {
      const [, number = '0', unit = ''] = /(-?[\d.]+)([KMGTPE]?)/.exec(text) ?? [];
      return [units.indexOf(unit || ' '), Number.parseFloat(number) || 0] as const;
    };
    const [x, y] = [size(a), size(b)];
    return x[0] - y[0] || x[1] - y[1];
  }
  if (how.includes('V')) {
    const parts = (text: string) => text.match(/\d+|\D+/g) ?? [];
    const [x, y] = [parts(a), parts(b)];
    for (let i = 0; i < Math.max(x.length, y.length); i++) {
      const [left = '', right = ''] = [x[i], y[i]];
      if (left === right) continue;
      return /^\d/.test(left) && /^\d/.test(right) ? Number(left) - Number(right) : left < right ? -1 : 1;
    }
    return 0;
  }
  const [x, y] = how.includes('f') ? [a.toLowerCase(), b.toLowerCase()] : [a, b];
  return x < y ? -1 : Number(x > y);
}

/** tr(1): classes, ranges, escapes, `-c -d -s`. */
export async function runTr(call: Call): Promise<number> {
  const options = getopt(call, 'cCdst', {
    complement: 'c',
    delete: 'd',
    'squeeze-repeats': 's',
    'truncate-set1': 't',
  });
  if (!options) return 1;
  const { flags, words } = options;
  const [first, second] = words;
  if (first === undefined) {
    call.err("tr: missing operand\nTry 'tr --help' for more information.\n");
    return 1;
  }
  const complement = flags.has('c') || flags.has('C');
  if (second === undefined && !flags.has('d') && !flags.has('s')) {
    call.err(
      `tr: missing operand after \xe2\x80\x98${first}\xe2\x80\x99\nTwo strings must be given when translating.\nTry 'tr --help' for more information.\n`,
    );
    return 1;
  }
  let from = characters(first);
  if (complement) {
    const not = new Set(from);
    from = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).filter(
      (char) => !not.has(char),
    );
  }
  const to = second === undefined ? [] : characters(second);
  const text = await call.stdin();
  call.shell.step(text.length >> 6);
  const table = new Map<string, string>();
  if (!flags.has('d') && second !== undefined)
    for (const [i, char] of from.entries())
      if (!table.has(char) || !complement) table.set(char, to[Math.min(i, to.length - 1)] ?? char);
  const gone = new Set(flags.has('d') ? from : []);
  const squeezed = new Set(flags.has('s') ? (second === undefined ? from : to) : []);
  const pieces: string[] = [];
  let last = '';
  for (const char of text) {
    if (gone.has(char)) continue;
    const shown = table.get(char) ?? char;
    if (shown === last && squeezed.has(shown)) continue;
    pieces.push(shown);
    last = shown;
  }
  call.out(pieces.join(''));
  return 0;
}

/** A set of tr as its characters. */
function characters(text: string): string[] {
  const all: string[] = [];
  for (let at = 0; at < text.length && all.length < 1_024; ) {
    const rest = text.slice(at);
    const named = /^\[:(\w+):\]/.exec(rest);
    if (named) {
      const set = new Regex(`[[:${named[1]}:]]`);
      for (let code = 0; code < 256; code++)
        if (set.test(String.fromCharCode(code), () => {})) all.push(String.fromCharCode(code));
      at += named[0].length;
      continue;
    }
    const [low, size] = single(rest);
    at += size;
    if (text[at] === '-' && at + 1 < text.length) {
      const [high, more] = single(text.slice(at + 1));
      for (let code = low.charCodeAt(0); code <= Math.min(255, high.charCodeAt(0)); code++)
        all.push(String.fromCharCode(code));
      at += 1 + more;
    } else all.push(low);
  }
  return all;
}

const letters: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  f: '\f',
  v: '\v',
  a: '\x07',
  b: '\b',
  '\\': '\\',
};

function single(text: string): [string, number] {
  if (text[0] !== '\\' || text.length === 1) return [text[0] ?? '', 1];
  const octal = /^\\([0-7]{1,3})/.exec(text);
  if (octal) return [String.fromCharCode(Number.parseInt(octal[1]!, 8) & 255), octal[0].length];
  return [letters[text[1]!] ?? text[1]!, 2];
}

export const sorting = [
  defineCommand({ names: ['sort'], folder: '/usr/bin', run: runSort }),
  defineCommand({ names: ['tr'], folder: '/usr/bin', run: runTr }),
];
