// Over 300 lines: one machine, its two spaces and the commands on them.
import { FsError } from '../fs.ts';
import { type Regex, RegexFault } from '../regex.ts';
import { type Call, defineCommand } from '../shell.ts';
import { getopt, linesOf } from './gnu/getopt.ts';
import { type Address, type Instruction, parseSed, SedFault } from './sed-parse.ts';

/** How large the pattern and the hold space may grow, in bytes. */
const spaceLimit = 262_144;

/** `&`, `\1`, `\n`, `\U` and the like in what replaces. */
function replacement(by: string, groups: (string | undefined)[]): string {
  let result = '';
  let fold: ((text: string) => string) | undefined;
  const add = (text: string) => {
    result += fold ? fold(text) : text;
  };
  for (let at = 0; at < by.length; at++) {
    const char = by[at]!;
    if (char === '&') add(groups[0] ?? '');
    else if (char !== '\\') add(char);
    else {
      const next = by[++at] ?? '';
      if (/\d/.test(next)) add(groups[Number(next)] ?? '');
      else if (next === 'U') fold = (text) => text.toUpperCase();
      else if (next === 'L') fold = (text) => text.toLowerCase();
      else if (next === 'E') fold = undefined;
      else add({ n: '\n', t: '\t' }[next] ?? next);
    }
  }
  return result;
}

/** sed(1): POSIX's commands with those of GNU that are in use, over its own regular expressions. */
export async function runSed(call: Call): Promise<number> {
  const long = {
    quiet: 'n',
    silent: 'n',
    expression: 'e:',
    file: 'f:',
    'in-place': 'i',
    'regexp-extended': 'E',
    separate: 's',
    'null-data': 'z',
    unbuffered: 'u',
    posix: 'posix',
    debug: 'debug',
  };
  // `-i` takes its suffix only right behind it.
  const args = call.args.map((arg) => (/^-i./.test(arg) && !/^-i[nErsz]/.test(arg) ? '-i' : arg));
  const options = getopt({ ...call, args }, 'ne:f:iErszul:', long);
  if (!options) return 1;
  const { flags, words } = options;
  const parts = args.flatMap((arg, i) => (arg === '-e' || arg === '--expression' ? [args[i + 1] ?? ''] : []));
  let script = parts.length > 1 ? parts.join('\n') : flags.get('e');
  if (flags.has('f')) script = call.fs.read(call.shell.path(flags.get('f')!)).toString('latin1', 0, 65_536);
  script ??= words.shift();
  if (script === undefined) {
    call.err('Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...\n\n');
    return 1;
  }
  let program: Instruction[];
  try {
    program = parseSed(script, flags.has('E') || flags.has('r'));
  } catch (error) {
    if (error instanceof SedFault) call.err(`sed: ${error.message}\n`);
    else if (error instanceof RegexFault)
      call.err(`sed: -e expression #1, char ${script.length}: ${error.message}\n`);
    else throw error;
    return 1;
  }
  const inPlace = flags.has('i');
  let status = 0;
  const texts: { name: string; text: string }[] = [];
  for (const word of words.length ? words : ['-']) {
    try {
      texts.push({
        name: word,
        text: word === '-' ? await call.stdin() : call.fs.read(call.shell.path(word)).toString('latin1'),
      });
    } catch (error) {
      if (!(error instanceof FsError)) throw error;
      call.err(
        error.errno === 'EISDIR'
          ? `sed: couldn't edit ${word}: not a regular file\n`
          : `sed: can't read ${word}: ${error.message}\n`,
      );
      status = 2;
    }
  }
  if (!inPlace) {
    const joint = texts.map(({ text }) => (text === '' || text.endsWith('\n') ? text : `${text}\n`)).join('');
    const whole = texts.at(-1)?.text ?? '';
    const run = edit(call, program, joint, flags.has('n'));
    // A last line without an end keeps being without.
    call.out(
      whole !== '' && !whole.endsWith('\n') && run.text.endsWith('\n') ? run.text.slice(0, -1) : run.text,
    );
    return run.status || status;
  }
  for (const { name, text } of texts) {
    if (name === '-') continue;
    const run = edit(call, program, text, flags.has('n'));
    call.fs.write(call.shell.path(name), Buffer.from(run.text, 'latin1'));
    call.shell.written.add(call.fs.resolve(call.shell.path(name)));
    status = run.status || status;
  }
  return status;
}

function edit(
  call: Call,
  program: Instruction[],
  input: string,
  silent: boolean,
): { text: string; status: number } {
  const lines = linesOf(input);
  const out: string[] = [];
  const step = (count: number) => call.shell.step(count);
  let space = '';
  let hold = '';
  let last: Regex | null = null;
  let status = 0;
  let size = 0;
  const say = (text: string) => {
    size += text.length;
    if (size > 1_048_576) call.shell.step(100_000);
    out.push(text);
  };
  for (const one of program) one.until = 0;

  const hits = (address: Address, n: number): boolean => {
    switch (address.kind) {
      case 'line':
        return n === address.line;
      case 'last':
        return n === lines.length;
      case 'step':
        return address.step > 0
          ? n >= address.first && (n - address.first) % address.step === 0
          : n === address.first;
      case 'plus':
        return false;
      case 'match': {
        const regex = address.regex ?? last;
        last = regex;
        return regex?.test(space, step) ?? false;
      }
    }
  };
  const selected = (one: Instruction, n: number): boolean => {
    const { from, to } = one;
    if (!from) return true;
    if (!to) return hits(from, n);
    if (one.until >= n) {
      if (to.kind === 'match' || to.kind === 'last') {
        if (hits(to, n)) one.until = n;
        else return true;
        one.until = 0;
        return true;
      }
      return true;
    }
    if (!hits(from, n)) return false;
    if (to.kind === 'line') one.until = to.line > n ? to.line : 0;
    else if (to.kind === 'plus') one.until = n + to.count;
    else if (to.kind === 'step') one.until = to.step > 0 ? Math.ceil(n / to.step) * to.step : 0;
    else one.until = Number.MAX_SAFE_INTEGER;
    return true;
  };

  let n = 0;
  let restart = false;
  main: while (n < lines.length || restart) {
    if (!restart) space = lines[n++]!;
    restart = false;
    let replaced = false;
    const after: string[] = [];
    let pc = 0;
    let deleted = false;
    while (pc < program.length) {
      const one = program[pc]!;
      step(1);
      if (space.length > spaceLimit || hold.length > spaceLimit) step(100_000);
      pc++;
      if (one.name === '}' || one.name === ':') continue;
      if (selected(one, n) === one.negated) {
        if (one.name === '{') pc = one.target;
        continue;
      }
      switch (one.name) {
        case 's': {
          const regex: Regex | null = one.regex ?? last;
          last = regex;
          const done = regex ? substitute(space, regex, one, step) : null;
          if (done === null) break;
          space = done;
          replaced = true;
          if (one.flags.includes('p')) say(`${space}\n`);
          if (one.text) store(call, one.text, `${space}\n`);
          break;
        }
        case 'y':
          space = [...space]
            .map((char) => (one.text.includes(char) ? (one.by[one.text.indexOf(char)] ?? char) : char))
            .join('');
          break;
        case 'd':
          deleted = true;
          pc = program.length;
          break;
        case 'D': {
          const end = space.indexOf('\n');
          deleted = true;
          if (end >= 0) {
            space = space.slice(end + 1);
            restart = true;
          }
          pc = program.length;
          break;
        }
        case 'p':
          say(`${space}\n`);
          break;
        case 'P':
          say(`${space.split('\n')[0]}\n`);
          break;
        case 'n':
          if (!silent) say(`${space}\n`);
          if (n >= lines.length) break main;
          space = lines[n++]!;
          break;
        case 'N':
          if (n >= lines.length) {
            if (!silent) say(`${space}\n`);
            break main;
          }
          space += `\n${lines[n++]}`;
          break;
        case 'g':
          space = hold;
          break;
        case 'G':
          space += `\n${hold}`;
          break;
        case 'h':
          hold = space;
          break;
        case 'H':
          hold += `\n${space}`;
          break;
        case 'x':
          [space, hold] = [hold, space];
          break;
        case 'z':
          space = '';
          break;
        case '=':
          say(`${n}\n`);
          break;
        case 'l':
          say(`${space.replace(/\\/g, '\\\\').replace(/\t/g, '\\t').replace(/\n/g, '\\n')}$\n`);
          break;
        case 'a':
          after.push(`${one.text}\n`);
          break;
        case 'i':
          say(`${one.text}\n`);
          break;
        case 'c':
          if (!one.to || one.until === 0 || one.until === n) say(`${one.text}\n`);
          deleted = true;
          pc = program.length;
          break;
        case 'r':
          if (call.fs.exists(call.shell.path(one.text)))
            after.push(call.fs.read(call.shell.path(one.text)).toString('latin1'));
          break;
        case 'w':
          store(call, one.text, `${space}\n`);
          break;
        case 'b':
          pc = one.target;
          break;
        case 't':
          if (replaced) pc = one.target;
          replaced = false;
          break;
        case 'T':
          if (!replaced) pc = one.target;
          replaced = false;
          break;
        case 'q':
        case 'Q':
          status = Number(one.text) & 255;
          if (one.name === 'q' && !silent) say(`${space}\n`);
          for (const text of after) say(text);
          break main;
      }
    }
    if (!deleted && !silent) say(`${space}\n`);
    for (const text of after) say(text);
  }
  return { text: out.join(''), status };
}

function substitute(
  space: string,
  regex: Regex,
  { by, flags }: Instruction,
  step: (count: number) => void,
): string | null {
  const global = flags.includes('g');
  const wanted = Number(/\d+/.exec(flags)?.[0] ?? 1);
  let result = '';
  let at = 0;
  let count = 0;
  let changed = false;
  while (at <= space.length) {
    const found = regex.exec(space, at, step);
    if (!found) break;
    count++;
    result += space.slice(at, found.start);
    if (count >= wanted) {
      result += replacement(by, found.groups);
      changed = true;
    } else result += found.groups[0] ?? '';
    if (found.end === found.start) {
      result += space[found.end] ?? '';
      at = found.end + 1;
    } else at = found.end;
    if (changed && !global) break;
    if (result.length > spaceLimit) step(100_000);
  }
  return changed ? result + space.slice(at) : null;
}

function store(call: Call, path: string, text: string): void {
  if (path === '/dev/stdout') {
    call.out(text);
    return;
  }
  const real = call.shell.path(path);
  call.fs.write(real, Buffer.from(text, 'latin1'), { append: true });
  call.shell.written.add(call.fs.resolve(real));
}

export const sed = defineCommand({ names: ['sed'], folder: '/bin', run: runSed });
