import { FsError } from '../../fs.ts';
import { type Call, defineCommand, type ShellCommand } from '../../shell.ts';

/** A program of /usr/bin; whether a machine has it is for its files to say. */
export function program(names: string | string[], run: ShellCommand['run']): ShellCommand {
  return defineCommand({
    names: typeof names === 'string' ? names.split(' ') : names,
    folder: '/usr/bin',
    run,
  });
}

export interface Options {
  flags: Map<string, string>;
  words: string[];
}

/** An option that a program does not have. */
class Unknown extends Error {
  readonly status: number;
  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/**
 * Options as getopt_long(3) reads them. `spec` names the short ones, a colon behind those that take a value; `long` gives the
 * short ones, or names of their own, of the long ones. Null, with the reason told, where one is unknown; `status` is then 1, or
 * what the program uses.
 */
export function getopt(
  call: Pick<Call, 'args' | 'err'>,
  spec: string,
  long: Record<string, string> = {},
): Options | null {
  try {
    return read(call.args, spec, long);
  } catch (error) {
    if (!(error instanceof Unknown)) throw error;
    const name = call.args[0]!;
    call.err(`${name}: ${error.message}\nTry '${name} --help' for more information.\n`);
    return null;
  }
}

function read(args: string[], spec: string, long: Record<string, string>): Options {
  const flags = new Map<string, string>();
  const words: string[] = [];
  for (let i = 1; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--') {
      words.push(...args.slice(i + 1));
      break;
    }
    if (arg.startsWith('--')) {
      const [name = '', value] = split(arg.slice(2));
      const full = name in long ? name : Object.keys(long).find((one) => one.startsWith(name));
      if (full === undefined) throw new Unknown(`unrecognized option '--${name}'`, 1);
      const short = long[full]!;
      const takes = short.endsWith(':');
      if (takes && value === undefined && i + 1 >= args.length)
        throw new Unknown(`option '--${full}' requires an argument`, 1);
      flags.set(short.replace(/:$/, ''), value ?? (takes ? args[++i]! : ''));
    } else if (arg.startsWith('-') && arg.length > 1) {
      for (let k = 1; k < arg.length; k++) {
        const letter = arg[k]!;
        const at = letter === ':' ? -1 : spec.indexOf(letter);
        if (at < 0) throw new Unknown(`invalid option -- '${letter}'`, 1);
        if (spec[at + 1] !== ':') {
          flags.set(letter, '');
          continue;
        }
        const rest = arg.slice(k + 1);
        if (!rest && i + 1 >= args.length) throw new Unknown(`option requires an argument -- '${letter}'`, 1);
        flags.set(letter, rest || args[++i]!);
        break;
      }
    } else words.push(arg);
  }
  return { flags, words };
}

function split(text: string): [string, string | undefined] {
  const at = text.indexOf('=');
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** Whether the session's locale has the quotes of Unicode. */
function unicode({ shell }: Pick<Call, 'shell'>): boolean {
  const locale = shell.get('LC_ALL') || shell.get('LC_CTYPE') || shell.get('LANG') || '';
  return /utf-?8/i.test(locale);
}

/** A name in the quotes of the locale, as coreutils' quote() puts it. */
export function quoted(call: Pick<Call, 'shell'>, text: string): string {
  return unicode(call) ? `\xe2\x80\x98${text}\xe2\x80\x99` : `'${text}'`;
}

/** A name as a shell would take it back: what quoteaf() of gnulib puts. */
export function shellQuoted(text: string): string {
  return text.includes("'") ? `"${text}"` : `'${text}'`;
}

export function missingOperand(call: Pick<Call, 'args' | 'err'>, what = 'operand', status = 1): number {
  const name = call.args[0]!;
  call.err(`${name}: missing ${what}\nTry '${name} --help' for more information.\n`);
  return status;
}

/** Runs for each word; where the files refuse, the reason is told and the next is still tried. */
export function each(
  call: Call,
  words: readonly string[],
  work: (word: string) => void,
  tell: (word: string, error: FsError) => string,
): number {
  let status = 0;
  for (const word of words) {
    call.shell.step();
    try {
      work(word);
    } catch (error) {
      if (!(error instanceof FsError)) throw error;
      call.err(`${call.args[0]}: ${tell(word, error)}\n`);
      status = 1;
    }
  }
  return status;
}

export interface Source {
  name: string;
  text: string;
}

/** The named files, `-` and nothing being the standard input; `tell` words what cannot be read. */
export async function sources(
  call: Call,
  words: readonly string[],
  tell: (word: string, error: FsError) => string = (word, error) => `${word}: ${error.message}`,
): Promise<{ all: Source[]; failed: boolean }> {
  const all: Source[] = [];
  let failed = false;
  for (const word of words.length ? words : ['-']) {
    if (word === '-') {
      all.push({ name: '-', text: await call.stdin() });
      continue;
    }
    try {
      const text = call.fs.read(call.shell.path(word)).toString('latin1');
      call.shell.step(text.length >> 8);
      all.push({ name: word, text });
    } catch (error) {
      if (!(error instanceof FsError)) throw error;
      call.err(`${call.args[0]}: ${tell(word, error)}\n`);
      failed = true;
    }
  }
  return { all, failed };
}

/** The lines of a text, without their ends. */
export function linesOf(text: string): string[] {
  const all = text.split('\n');
  if (all.at(-1) === '') all.pop();
  return all;
}

export const joined = (all: readonly string[]) => (all.length ? `${all.join('\n')}\n` : '');
