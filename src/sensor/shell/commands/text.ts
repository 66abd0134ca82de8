import { FsError } from '../fs.ts';
import { type Call, defineCommand, type ShellCommand } from '../shell.ts';
import { awk } from './awk/awk.ts';
import { finding } from './find.ts';
import { grep } from './grep.ts';
import { options } from './help.ts';
import { sed } from './sed.ts';
import { sorting } from './sort.ts';

/** The text of the named files, or of the standard input; errors are told and the rest still read. */
async function input(call: Call, words: string[]): Promise<string> {
  if (words.length === 0) return call.stdin();
  let text = '';
  for (const word of words) {
    try {
      text += call.fs.read(call.shell.path(word)).toString('latin1');
    } catch (error) {
      if (!(error instanceof FsError)) throw error;
      call.err(`${call.args[0]}: ${word}: ${error.message}\n`);
    }
  }
  call.shell.step(text.length >> 6);
  return text;
}

function lines(text: string): string[] {
  const all = text.split('\n');
  if (all.at(-1) === '') all.pop();
  return all;
}

const joined = (all: string[]) => (all.length ? `${all.join('\n')}\n` : '');

const head = defineCommand({
  names: ['head', 'tail'],
  folder: '/usr/bin',
  async run(call) {
    const old = /^-(\d+)$/.exec(call.args[1] ?? '');
    const args = old ? [call.args[0]!, '-n', old[1]!, ...call.args.slice(2)] : call.args;
    const { flags, words } = options(args, 'nc');
    const text = await input(call, words);
    const first = call.args[0] === 'head';
    const bytes = flags.get('c');
    if (bytes !== undefined) {
      const count = Math.abs(Number.parseInt(bytes, 10)) || 0;
      call.out(first ? text.slice(0, count) : text.slice(Math.max(0, text.length - count)));
      return 0;
    }
    const wanted = flags.get('n') ?? '10';
    const count = Math.abs(Number.parseInt(wanted, 10)) || 0;
    const all = lines(text);
    if (first) call.out(joined(all.slice(0, count)));
    else
      call.out(
        joined(
          wanted.startsWith('+')
            ? all.slice(Math.max(0, count - 1))
            : all.slice(Math.max(0, all.length - count)),
        ),
      );
    return 0;
  },
});

const wc = defineCommand({
  names: ['wc'],
  folder: '/usr/bin',
  async run(call) {
    const { flags, words } = options(call.args);
    const text = await input(call, words);
    const counts: [string, number][] = [
      ['l', text.split('\n').length - 1],
      ['w', text.split(/\s+/).filter(Boolean).length],
      ['c', text.length],
    ];
    const shown = counts.filter(([flag]) => flags.size === 0 || flags.has(flag)).map(([, count]) => count);
    const name = words[0] ? ` ${words[0]}` : '';
    const plain = shown.length === 1;
    call.out(
      `${shown.map((count) => (plain ? String(count) : String(count).padStart(9))).join(' ')}${name}\n`,
    );
    return 0;
  },
});

const cut = defineCommand({
  names: ['cut'],
  folder: '/usr/bin',
  async run(call) {
    const { flags, words } = options(call.args, 'dfcb');
    const delimiter = flags.get('d') ?? '\t';
    const list = flags.get('f') ?? flags.get('c') ?? flags.get('b') ?? '1';
    const ranges = list.split(',').map((one) => {
      const [, from, dash, to] = /^(\d*)(-?)(\d*)$/.exec(one) ?? [];
      const low = Number(from || 1);
      return { low, high: dash ? Number(to || Number.MAX_SAFE_INTEGER) : low };
    });
    const byField = flags.has('f');
    const text = lines(await input(call, words)).map((line) => {
      const parts = byField ? line.split(delimiter) : [...line];
      if (byField && parts.length === 1) return line;
      return parts
        .filter((_, i) => ranges.some(({ low, high }) => i + 1 >= low && i + 1 <= high))
        .join(byField ? delimiter : '');
    });
    call.out(joined(text));
    return 0;
  },
});

const base64 = defineCommand({
  names: ['base64'],
  folder: '/usr/bin',
  async run(call) {
    const { flags, words } = options(call.args, 'w');
    const text = await input(call, words);
    if (flags.has('d')) call.out(Buffer.from(text, 'base64').toString('latin1'));
    else
      call.out(
        `${Buffer.from(text, 'latin1')
          .toString('base64')
          .replace(/.{76}(?=.)/g, '$&\n')}\n`,
      );
    return 0;
  },
});

const tee = defineCommand({
  names: ['tee'],
  folder: '/usr/bin',
  async run(call) {
    const { flags, words } = options(call.args);
    const text = await call.stdin();
    for (const word of words) {
      call.fs.write(call.shell.path(word), Buffer.from(text, 'latin1'), { append: flags.has('a') });
      call.shell.written.add(call.fs.resolve(call.shell.path(word)));
    }
    call.out(text);
    return 0;
  },
});

/** uniq(1); sort lies elsewhere. */
const uniq = defineCommand({
  names: ['uniq'],
  folder: '/usr/bin',
  async run(call) {
    const { flags, words } = options(call.args);
    const runs: { line: string; count: number }[] = [];
    for (const line of lines(await input(call, words))) {
      const last = runs.at(-1);
      if (last?.line === line) last.count++;
      else runs.push({ line, count: 1 });
    }
    call.out(
      joined(runs.map(({ line, count }) => (flags.has('c') ? `${String(count).padStart(7)} ${line}` : line))),
    );
    return 0;
  },
});

export const texts: readonly ShellCommand[] = [
  grep,
  head,
  wc,
  cut,
  awk,
  uniq,
  ...sorting,
  base64,
  tee,
  ...finding,
  sed,
];
