import { type Found, Regex, RegexFault } from '../regex.ts';
import { type Call, defineCommand } from '../shell.ts';
import { getopt, linesOf, type Source, sources } from './gnu/getopt.ts';
import { usage } from './help.ts';

const long = {
  'extended-regexp': 'E',
  'fixed-strings': 'F',
  'basic-regexp': 'G',
  'perl-regexp': 'P',
  regexp: 'e:',
  file: 'f:',
  'ignore-case': 'i',
  'invert-match': 'v',
  'word-regexp': 'w',
  'line-regexp': 'x',
  count: 'c',
  'files-with-matches': 'l',
  'files-without-match': 'L',
  'max-count': 'm:',
  'only-matching': 'o',
  quiet: 'q',
  silent: 'q',
  'no-messages': 's',
  'line-number': 'n',
  'with-filename': 'H',
  'no-filename': 'h',
  recursive: 'r',
  'dereference-recursive': 'R',
  'after-context': 'A:',
  'before-context': 'B:',
  context: 'C:',
  color: 'color',
  colour: 'color',
  text: 'a',
  include: 'include:',
  exclude: 'exclude:',
  'exclude-dir': 'excludedir:',
  'line-buffered': 'buffered',
};
const treeLimit = 2_000;

/** grep(1). Patterns run in linear time; matching files of bytes are told as GNU grep tells them. */
export async function runGrep(call: Call): Promise<number> {
  const name = call.args[0]!;
  const options = getopt(call, 'EFGPe:f:ivwxcLlm:oqsnHhrRA:B:C:aIZzTUb0123456789', long);
  if (!options) return 2;
  const { flags, words } = options;
  const patterns = call.args.flatMap((arg, i) => (arg === '-e' ? [call.args[i + 1] ?? ''] : []));
  let given = patterns.length > 1 ? patterns : flags.has('e') ? [flags.get('e')!] : [];
  if (flags.has('f'))
    given = linesOf(call.fs.read(call.shell.path(flags.get('f')!)).toString('latin1', 0, 65_536));
  else if (given.length === 0) {
    const first = words.shift();
    if (first === undefined) {
      if (call.shell.dialect.id === 'ash')
        return usage(
          call,
          'grep [-HhnlLoqvsriwFE] [-m N] [-A/B/C N] PATTERN/-e PATTERN.../-f FILE [FILE]...',
          'Search for PATTERN in FILEs (or stdin)',
        );
      call.err(`Usage: ${name} [OPTION]... PATTERNS [FILE]...\nTry '${name} --help' for more information.\n`);
      return 2;
    }
    given = [first];
  }
  let finders: Regex[];
  try {
    finders = given
      .flatMap((one) => one.split('\n'))
      .slice(0, 64)
      .map((one) => compile(one, name, flags));
  } catch (error) {
    if (!(error instanceof RegexFault)) throw error;
    call.err(`${name}: ${error.message}\n`);
    return 2;
  }
  const recursive = flags.has('r') || flags.has('R');
  const quiet = flags.has('s') ? { ...call, err: () => {} } : call;
  const paths = recursive ? tree(call, words.length ? words : ['.']) : words;
  const { all, failed } = await sources(quiet, paths);
  const several = flags.has('H') || (!flags.has('h') && (recursive || words.length > 1));
  let any = false;
  for (const source of all) if (search(call, source, finders, flags, several)) any = true;
  if (flags.has('q') && any) return 0;
  return failed ? 2 : any ? 0 : 1;
}

function compile(pattern: string, name: string, flags: Map<string, string>): Regex {
  const ignoreCase = flags.has('i');
  const fixed = flags.has('F') || name === 'fgrep';
  const extended = flags.has('E') || flags.has('P') || name === 'egrep' || fixed;
  let text = fixed ? pattern.replace(/[\\.[\]{}()*+?^$|]/g, '\\$&') : pattern;
  // A Perl pattern loses what POSIX has no word for.
  if (flags.has('P'))
    text = text
      .replace(/\(\?:/g, '(')
      .replace(/\(\?[=!<][^)]*\)|\\K/g, '')
      .replace(/([*+?}])\?/g, '$1');
  if (flags.has('w')) text = extended ? `\\<(${text})\\>` : `\\<\\(${text}\\)\\>`;
  if (flags.has('x')) text = extended ? `^(${text})$` : `^\\(${text}\\)$`;
  return new Regex(text, { extended, ignoreCase });
}

function tree(call: Call, words: readonly string[]): string[] {
  const all: string[] = [];
  const walk = (path: string) => {
    call.shell.step();
    if (all.length > treeLimit) return;
    const real = call.shell.path(path);
    if (!call.fs.existsItself(real) || call.fs.stat(real, false).kind !== 'dir') {
      if (!call.fs.existsItself(real) || call.fs.stat(real, false).kind === 'file') all.push(path);
      return;
    }
    for (const name of call.fs.list(real)) walk(path === '/' ? `/${name}` : `${path}/${name}`);
  };
  for (const word of words) walk(word);
  return all;
}

function search(
  call: Call,
  { name, text }: Source,
  finders: Regex[],
  flags: Map<string, string>,
  several: boolean,
): boolean {
  const step = (count: number) => call.shell.step(count);
  const label = name === '-' ? '(standard input)' : name;
  const head = (mark: string, line: number) =>
    `${several ? `${label}${mark}` : ''}${flags.has('n') ? `${line + 1}${mark}` : ''}`;
  const lines = linesOf(text);
  const short = [...flags.keys()].filter((flag) => /^\d$/.test(flag)).join('');
  const context = flags.get('C') ?? (short || '0');
  const before = Number(flags.get('B') ?? context) || 0;
  const after = Number(flags.get('A') ?? context) || 0;
  const most = flags.has('m') ? Number(flags.get('m')) || 0 : Number.POSITIVE_INFINITY;
  const binary = text.includes('\0') && !flags.has('a');
  const silent = flags.has('q') || flags.has('c') || flags.has('l') || flags.has('L');
  let count = 0;
  let shown = -1;
  let open = -1;
  for (const [i, line] of lines.entries()) {
    if (count >= most && i > open) break;
    const hit = count < most && finders.some((finder) => finder.test(line, step)) !== flags.has('v');
    if (hit) count++;
    if (silent || binary) {
      if (hit && (flags.has('q') || flags.has('l') || (binary && !flags.has('c')))) break;
      continue;
    }
    if (hit && flags.has('o')) {
      for (const found of matches(line, finders, step)) call.out(`${head(':', i)}${found}\n`);
    } else if (hit) {
      const from = Math.max(shown + 1, i - before);
      if ((before || after) && shown >= 0 && from > shown + 1) call.out('--\n');
      for (let k = from; k < i; k++) call.out(`${head('-', k)}${lines[k]}\n`);
      call.out(`${head(':', i)}${line}\n`);
      shown = i;
      open = i + after;
    } else if (i <= open) {
      call.out(`${head('-', i)}${line}\n`);
      shown = i;
    }
  }
  if (flags.has('c')) call.out(`${several ? `${label}:` : ''}${count}\n`);
  else if (flags.has('l') ? count > 0 : flags.has('L') && count === 0) call.out(`${label}\n`);
  else if (binary && count > 0 && !silent) {
    if (call.shell.dialect.id === 'ash') call.out(`Binary file ${label} matches\n`);
    else call.out(`grep: ${label}: binary file matches\n`);
  }
  return count > 0;
}

function* matches(line: string, finders: Regex[], step: (count: number) => void): Generator<string> {
  for (let at = 0; at <= line.length; ) {
    let best: Found | null = null;
    for (const finder of finders) {
      const found = finder.exec(line, at, step);
      if (found && (!best || found.start < best.start)) best = found;
    }
    if (!best) return;
    if (best.end > best.start) yield line.slice(best.start, best.end);
    at = Math.max(best.end, at + 1, best.start + 1);
  }
}

export const grep = defineCommand({
  names: ['grep', 'egrep', 'fgrep', 'zgrep'],
  folder: '/bin',
  run: runGrep,
});
