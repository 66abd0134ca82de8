// Over 300 lines: the programs of coreutils that pass text on, one after the other.
import { readEscapes } from '../../escapes.ts';
import type { ShellCommand } from '../../shell.ts';
import { catHelp } from './cat-help.ts';
import { getopt, joined, linesOf, missingOperand, program, quoted, sources } from './getopt.ts';

const cat = program('cat', async (call) => {
  if (call.args[1] === '--help') {
    call.out(catHelp);
    return 0;
  }
  const long = {
    number: 'n',
    'show-all': 'A',
    'number-nonblank': 'b',
    'show-ends': 'E',
    'show-tabs': 'T',
    'squeeze-blank': 's',
    'show-nonprinting': 'v',
    version: 'version',
  };
  const options = getopt(call, 'AbeEnstTuv', long);
  if (!options) return 1;
  const { flags, words } = options;
  const { all, failed } = await sources(call, words);
  let text = all.map((one) => one.text).join('');
  const has = (...names: string[]) => names.some((name) => flags.has(name));
  if (has('s')) text = text.replace(/\n{3,}/g, '\n\n');
  if (has('A', 'e', 't', 'v')) text = text.replace(/[\0-\x08\x0b-\x1f\x7f-\xff]/g, visible);
  if (has('A', 'T', 't')) text = text.replaceAll('\t', '^I');
  if (has('A', 'E', 'e')) text = text.replaceAll('\n', '$\n');
  if (has('n', 'b')) {
    let n = 0;
    text = text.replace(/^(.*)(\n|$)/gm, (whole: string, line: string) =>
      whole === '' || (has('b') && line.replace('$', '') === '')
        ? whole
        : `${String(++n).padStart(6)}\t${whole}`,
    );
  }
  call.out(text);
  return Number(failed);
});

/** A byte as `cat -v` shows it. */
function visible(char: string): string {
  const code = char.charCodeAt(0);
  if (code > 127)
    return `M-${code > 159 && code < 255 ? String.fromCharCode(code - 128) : visible(String.fromCharCode(code - 128))}`;
  return code === 127 ? '^?' : `^${String.fromCharCode(code + 64)}`;
}

const head = program('head tail', async (call) => {
  const name = call.args[0]!;
  const old = /^[-+](\d+)([cf]?)$/.exec(call.args[1] ?? '');
  const args = old ? [name, old[2] === 'c' ? '-c' : '-n', old[1]!, ...call.args.slice(2)] : call.args;
  const long = { lines: 'n:', bytes: 'c:', quiet: 'q', silent: 'q', verbose: 'v', follow: 'f' };
  const options = getopt({ ...call, args }, name === 'head' ? 'n:c:qvz' : 'n:c:qvzfFs:', long);
  if (!options) return 1;
  const { flags, words } = options;
  const wanted = flags.get('c') ?? flags.get('n') ?? '10';
  const found = /^([-+]?)(\d+)([kKmM]?)[bB]?$/.exec(wanted);
  if (!found) {
    call.err(`${name}: invalid number of ${flags.has('c') ? 'bytes' : 'lines'}: ${quoted(call, wanted)}\n`);
    return 1;
  }
  const factor = /k/i.test(found[3]!) ? 1_024 : /m/i.test(found[3]!) ? 1_048_576 : 1;
  const count = Number(found[2]) * factor;
  const { all, failed } = await sources(
    call,
    words,
    (word, error) => `cannot open '${word}' for reading: ${error.message}`,
  );
  const shown = all.map(({ name: file, text }) => {
    const units = flags.has('c') ? text : linesOf(text);
    const piece =
      name === 'head'
        ? units.slice(0, found[1] === '-' ? Math.max(0, units.length - count) : count)
        : units.slice(found[1] === '+' ? Math.max(0, count - 1) : Math.max(0, units.length - count));
    const body = typeof piece === 'string' ? piece : joined(piece);
    return words.length > 1 && !flags.has('q') ? `==> ${file} <==\n${body}` : body;
  });
  call.out(shown.join('\n'));
  return Number(failed);
});

const wc = program('wc', async (call) => {
  const options = getopt(call, 'clmwL', {
    bytes: 'c',
    chars: 'm',
    lines: 'l',
    words: 'w',
    'max-line-length': 'L',
  });
  if (!options) return 1;
  const { flags, words } = options;
  const { all, failed } = await sources(call, words);
  const order = ['l', 'w', 'm', 'c', 'L'].filter((flag) =>
    flags.size ? flags.has(flag) : 'lwc'.includes(flag),
  );
  const rows = all.map(({ name, text }) => {
    const counts: Record<string, number> = {
      l: text.split('\n').length - 1,
      w: text.split(/\s+/).filter(Boolean).length,
      m: text.length,
      c: text.length,
      L: Math.max(0, ...linesOf(text).map((line) => line.length)),
    };
    return { name, counts: order.map((flag) => counts[flag]!) };
  });
  if (rows.length > 1)
    rows.push({
      name: 'total',
      counts: order.map((_, i) => rows.reduce((sum, row) => sum + row.counts[i]!, 0)),
    });
  // The standard input has no size to measure columns by: they are 7 wide then, unless there is but one.
  const sizes = rows.flatMap((row) => row.counts);
  const width =
    order.length === 1 && rows.length === 1
      ? 1
      : words.length === 0 || words.includes('-')
        ? 7
        : Math.max(
            ...sizes.map((n) => String(n).length),
            String(all.reduce((n, { text }) => n + text.length, 0)).length,
          );
  for (const { name, counts } of rows)
    call.out(`${counts.map((n) => String(n).padStart(width)).join(' ')}${words.length ? ` ${name}` : ''}\n`);
  return Number(failed);
});

const cut = program('cut', async (call) => {
  const options = getopt(call, 'b:c:d:f:nsz', {
    bytes: 'b:',
    characters: 'c:',
    delimiter: 'd:',
    fields: 'f:',
    'only-delimited': 's',
    complement: 'complement',
    'output-delimiter': 'output:',
  });
  if (!options) return 1;
  const { flags, words } = options;
  const delimiter = flags.get('d') ?? '\t';
  const list = flags.get('f') ?? flags.get('c') ?? flags.get('b');
  if (list === undefined) {
    call.err(
      "cut: you must specify a list of bytes, characters, or fields\nTry 'cut --help' for more information.\n",
    );
    return 1;
  }
  const ranges = list.split(/[,\s]+/).map((one) => {
    const [, from, dash, to] = /^(\d*)(-?)(\d*)$/.exec(one) ?? [];
    const low = Number(from || 1);
    return { low, high: dash ? Number(to || Number.MAX_SAFE_INTEGER) : low };
  });
  const picks = (i: number) =>
    ranges.some(({ low, high }) => i + 1 >= low && i + 1 <= high) !== flags.has('complement');
  const byField = flags.has('f');
  const { all, failed } = await sources(call, words);
  const shown: string[] = [];
  for (const line of all.flatMap(({ text }) => linesOf(text))) {
    const parts = byField ? line.split(delimiter) : [...line];
    if (byField && parts.length === 1) {
      if (!flags.has('s')) shown.push(line);
    } else
      shown.push(parts.filter((_, i) => picks(i)).join(flags.get('output') ?? (byField ? delimiter : '')));
  }
  call.shell.step(shown.length >> 2);
  call.out(joined(shown));
  return Number(failed);
});

const uniq = program('uniq', async (call) => {
  const options = getopt(call, 'cdDuif:s:w:', { count: 'c', repeated: 'd', unique: 'u', 'ignore-case': 'i' });
  if (!options) return 1;
  const { flags, words } = options;
  const { all, failed } = await sources(call, words.slice(0, 1));
  const runs: { line: string; count: number }[] = [];
  const fold = (text: string) => (flags.has('i') ? text.toLowerCase() : text);
  for (const line of all.flatMap(({ text }) => linesOf(text))) {
    const last = runs.at(-1);
    if (last && fold(last.line) === fold(line)) last.count++;
    else runs.push({ line, count: 1 });
  }
  const shown = runs.filter(({ count }) =>
    flags.has('d') ? count > 1 : flags.has('u') ? count === 1 : true,
  );
  call.out(
    joined(shown.map(({ line, count }) => (flags.has('c') ? `${String(count).padStart(7)} ${line}` : line))),
  );
  return Number(failed);
});

const tee = program('tee', async (call) => {
  const options = getopt(call, 'aip', { append: 'a' });
  if (!options) return 1;
  const text = await call.stdin();
  let status = 0;
  for (const word of options.words) {
    const path = call.shell.path(word);
    try {
      call.fs.write(path, Buffer.from(text, 'latin1'), { append: options.flags.has('a') });
      call.shell.written.add(call.fs.resolve(path));
    } catch (error) {
      call.err(`tee: ${word}: ${(error as Error).message}\n`);
      status = 1;
    }
  }
  call.out(text);
  return status;
});

const nl = program('nl tac rev', async (call) => {
  const { all, failed } = await sources(
    call,
    call.args.slice(1).filter((arg) => !/^-./.test(arg)),
  );
  const all_ = all.flatMap(({ text }) => linesOf(text));
  let n = 0;
  const work: Record<string, () => string[]> = {
    nl: () => all_.map((line) => (line === '' ? '       ' : `${String(++n).padStart(6)}\t${line}`)),
    tac: () => all_.reverse(),
    rev: () => all_.map((line) => [...line].reverse().join('')),
  };
  call.out(joined(work[call.args[0]!]!()));
  return Number(failed);
});

const seq = program('seq', (call) => {
  const options = getopt(
    { ...call, args: call.args.map((arg) => (/^-[\d.]/.test(arg) ? `\0${arg}` : arg)) },
    'f:s:w',
    { separator: 's:', 'equal-width': 'w' },
  );
  if (!options) return 1;
  const numbers = options.words.map((word) => Number(word.replace('\0', '')));
  if (numbers.length === 0) return missingOperand(call);
  const bad = numbers.findIndex(Number.isNaN);
  if (bad >= 0) {
    call.err(
      `seq: invalid floating point argument: ${quoted(call, options.words[bad]!)}\nTry 'seq --help' for more information.\n`,
    );
    return 1;
  }
  const [first, step, last] =
    numbers.length === 1
      ? [1, 1, numbers[0]!]
      : numbers.length === 2
        ? [numbers[0]!, 1, numbers[1]!]
        : [numbers[0]!, numbers[1]!, numbers[2]!];
  const digits = Math.max(...options.words.map((word) => (word.split('.')[1] ?? '').length));
  const shown: string[] = [];
  for (let i = 0, value = first; step > 0 ? value <= last : value >= last; value = first + ++i * step) {
    call.shell.step(i & 7 ? 0 : 1);
    shown.push(value.toFixed(digits));
    if (step === 0 || shown.length > 100_000) break;
  }
  const width = options.flags.has('w') ? Math.max(...shown.map((one) => one.length), 0) : 0;
  if (shown.length)
    call.out(`${shown.map((one) => one.padStart(width, '0')).join(options.flags.get('s') ?? '\n')}\n`);
  return 0;
});

const paste = program('paste', async (call) => {
  const options = getopt(call, 'd:sz', { delimiters: 'd:', serial: 's' });
  if (!options) return 1;
  const { all, failed } = await sources(call, options.words);
  const by = readEscapes(options.flags.get('d') ?? '\t').text.slice(0, 1);
  const columns = all.map(({ text }) => linesOf(text));
  if (options.flags.has('s')) call.out(joined(columns.map((lines) => lines.join(by))));
  else {
    const rows = Math.max(0, ...columns.map((lines) => lines.length));
    call.out(joined(Array.from({ length: rows }, (_, i) => columns.map((lines) => lines[i] ?? '').join(by))));
  }
  return Number(failed);
});

const other: ShellCommand[] = [
  program('yes', (call) => {
    const line = `${call.args.slice(1).join(' ') || 'y'}\n`;
    // For a pipe: the first lines of what would have no end.
    call.out(line.repeat(Math.max(1, Math.floor(4_096 / line.length))));
    return 0;
  }),
  program('shuf', async (call) => {
    const options = getopt(call, 'ei:n:o:rz', { echo: 'e', 'head-count': 'n:', 'input-range': 'i:' });
    if (!options) return 1;
    const { flags, words } = options;
    const range = /^(\d+)-(\d+)$/.exec(flags.get('i') ?? '');
    const { all, failed } = range || flags.has('e') ? { all: [], failed: false } : await sources(call, words);
    const lines = range
      ? Array.from(
          { length: Math.min(10_000, Math.max(0, Number(range[2]) - Number(range[1]) + 1)) },
          (_, i) => String(Number(range[1]) + i),
        )
      : flags.has('e')
        ? words
        : all.flatMap(({ text }) => linesOf(text));
    const keyed = lines.map((line) => ({ line, key: call.hooks.random() })).sort((a, b) => a.key - b.key);
    call.out(joined(keyed.slice(0, Number(flags.get('n') ?? lines.length)).map(({ line }) => line)));
    return Number(failed);
  }),
  program('fold fmt expand unexpand col colrm', async (call) => {
    const { all } = await sources(
      call,
      call.args.slice(1).filter((arg) => !arg.startsWith('-')),
    );
    const width = Number(/^-w?(\d+)$/.exec(call.args.find((arg) => /^-w?\d+$/.test(arg)) ?? '')?.[1] ?? 80);
    const text = all.map((one) => one.text).join('');
    call.out(
      call.args[0] === 'fold'
        ? joined(
            linesOf(text).flatMap(
              (line) => line.match(new RegExp(`.{1,${Math.max(1, Math.min(width, 4_096))}}`, 'g')) ?? [''],
            ),
          )
        : text,
    );
    return 0;
  }),
  program('comm join', async (call) => {
    const { all, failed } = await sources(
      call,
      call.args
        .slice(1)
        .filter((arg) => !/^-./.test(arg))
        .slice(0, 2),
    );
    const hidden = call.args.filter((arg) => /^-[123]+$/.test(arg)).join('');
    const [a = [], b = []] = all.map(({ text }) => linesOf(text));
    const seen = new Set(b);
    const mine = new Set(a);
    const rows = [
      ...a.map((line) => ({ line, column: seen.has(line) ? 3 : 1 })),
      ...b.filter((line) => !mine.has(line)).map((line) => ({ line, column: 2 })),
    ].sort((x, y) => (x.line < y.line ? -1 : 1));
    for (const { line, column } of rows)
      if (!hidden.includes(String(column)))
        call.out(
          `${'\t'.repeat([1, 2].filter((n) => n < column && !hidden.includes(String(n))).length)}${line}\n`,
        );
    return Number(failed);
  }),
  program('column', async (call) => {
    const options = getopt(call, 'tns:o:c:', { table: 't', separator: 's:' });
    if (!options) return 1;
    const { all, failed } = await sources(call, options.words);
    const by = options.flags.get('s');
    const rows = all
      .flatMap(({ text }) => linesOf(text))
      .map((line) => (by ? line.split(by) : line.trim().split(/\s+/)));
    if (!options.flags.has('t')) call.out(all.map(({ text }) => text).join(''));
    else {
      const widths: number[] = [];
      for (const row of rows)
        for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
      call.out(
        joined(
          rows.map((row) =>
            row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i]!))).join('  '),
          ),
        ),
      );
    }
    return Number(failed);
  }),
];

export const gnuTexts: readonly ShellCommand[] = [cat, head, wc, cut, uniq, tee, nl, seq, paste, ...other];
