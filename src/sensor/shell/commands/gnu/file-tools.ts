import { FsError, nameOf, parentOf } from '../../fs.ts';
import type { ShellCommand } from '../../shell.ts';
import { each, getopt, missingOperand, program, quoted } from './getopt.ts';

const dd = program('dd', async (call) => {
  const { args, fs, shell, stdin, out, err } = call;
  const values = new Map(
    args.slice(1).map((arg) => [arg.slice(0, arg.indexOf('=')), arg.slice(arg.indexOf('=') + 1)] as const),
  );
  const bad = args
    .slice(1)
    .find((arg) => !/^(if|of|bs|ibs|obs|count|skip|seek|conv|status|iflag|oflag|cbs)=/.test(arg));
  if (bad) {
    err(`dd: unrecognized operand ${quoted(call, bad)}\nTry 'dd --help' for more information.\n`);
    return 1;
  }
  const size = (text: string | undefined, otherwise: number) => {
    const [, digits, unit = ''] = /^(\d{1,9})([kKmMgG]?)/.exec(text ?? '') ?? [];
    return digits === undefined
      ? otherwise
      : Number(digits) *
          (({ k: 1_024, m: 1_048_576, g: 1_073_741_824 } as Record<string, number>)[unit.toLowerCase()] ?? 1);
  };
  const block = size(values.get('bs') ?? values.get('ibs'), 512);
  const count = size(values.get('count'), Number.POSITIVE_INFINITY);
  const from = values.get('if');
  const to = values.get('of');
  let bytes: Buffer;
  const endless = from === '/dev/zero' || from === '/dev/urandom' || from === '/dev/random';
  const whole = Math.min(block * count, 1e12);
  try {
    bytes =
      from === undefined
        ? Buffer.from(await stdin(), 'latin1')
        : endless
          ? Buffer.alloc(Math.min(whole, to === undefined ? 65_536 : 1_048_576))
          : fs.read(shell.path(from));
  } catch (error) {
    if (!(error instanceof FsError)) throw error;
    err(`dd: failed to open '${from}': ${error.message}\n`);
    return 1;
  }
  const skip = block * size(values.get('skip'), 0);
  const piece = bytes.subarray(skip, Math.min(bytes.length, skip + block * count));
  const length = endless && to !== undefined ? whole : piece.length;
  if (to === undefined) out(piece.toString('latin1'));
  else if (!(fs.exists(shell.path(to)) && fs.stat(shell.path(to)).kind === 'device')) {
    try {
      fs.write(shell.path(to), piece);
      if (!endless) shell.written.add(fs.resolve(shell.path(to)));
    } catch (error) {
      if (!(error instanceof FsError)) throw error;
      err(`dd: failed to open '${to}': ${error.message}\n`);
      return 1;
    }
  }
  if (values.get('status') === 'none') return 0;
  const seconds = length / 1_400_000_000 + 0.00006 + call.hooks.random() * 0.00004;
  err(
    `${Math.floor(length / block)}+${length % block ? 1 : 0} records in\n${Math.floor(length / block)}+${length % block ? 1 : 0} records out\n`,
  );
  if (values.get('status') === 'noxfer') return 0;
  const rate = length / seconds;
  const units = [
    [1e9, 'GB'],
    [1e6, 'MB'],
    [1e3, 'kB'],
  ] as const;
  const human = (value: number, list: readonly (readonly [number, string])[]) => {
    const [by, unit] = list.find(([limit]) => value >= limit) ?? [1, 'B'];
    return `${(value / by).toFixed(value / by < 10 && by > 1 ? 1 : 0)} ${unit}`;
  };
  const binary =
    length >= 1_048_576
      ? `, ${(length / 1_048_576).toFixed(length / 1_048_576 < 10 ? 1 : 0)} MiB`
      : length >= 1_024
        ? `, ${(length / 1_024).toFixed(length / 1_024 < 10 ? 1 : 0)} KiB`
        : '';
  err(
    `${length} byte${length === 1 ? '' : 's'}${length >= 1_000 ? ` (${human(length, units)}${binary})` : ''} copied, ${seconds < 0.001 ? seconds.toExponential(5).replace(/e-(\d)$/, 'e-0$1') : seconds.toPrecision(6)} s, ${human(rate, units)}/s\n`,
  );
  return 0;
});

const small: ShellCommand[] = [
  program('basename dirname', (call) => {
    const options = getopt(call, 'as:z', { multiple: 'a', suffix: 's:' });
    if (!options) return 1;
    const { words, flags } = options;
    if (words.length === 0) return missingOperand(call);
    const many = flags.has('a') || flags.has('s') || call.args[0] === 'dirname';
    for (const word of many ? words : [words[0]!]) {
      const path = word.replace(/(.)\/+$/, '$1');
      if (call.args[0] === 'dirname') {
        call.out(`${path.includes('/') ? parentOf(path) : '.'}\n`);
        continue;
      }
      const suffix = flags.get('s') ?? (many ? '' : (words[1] ?? ''));
      const name = nameOf(path) || '/';
      call.out(
        `${suffix && name.endsWith(suffix) && name !== suffix ? name.slice(0, -suffix.length) : name}\n`,
      );
    }
    return 0;
  }),
  program('readlink realpath', (call) => {
    const options = getopt(call, 'femnqszvLP', { canonicalize: 'f', quiet: 'q' });
    if (!options) return 1;
    const { fs, shell } = call;
    if (options.words.length === 0) return missingOperand(call);
    let status = 0;
    for (const word of options.words) {
      const path = shell.path(word);
      try {
        if (
          call.args[0] === 'realpath' ||
          options.flags.has('f') ||
          options.flags.has('e') ||
          options.flags.has('m')
        ) {
          const real = fs.resolve(path);
          if (options.flags.has('e')) fs.stat(real);
          call.out(`${real}\n`);
        } else {
          const node = fs.stat(path, false);
          if (node.kind === 'link') call.out(`${node.target}${options.flags.has('n') ? '' : '\n'}`);
          else status = 1;
        }
      } catch (error) {
        if (!(error instanceof FsError)) throw error;
        if (call.args[0] === 'realpath') call.err(`realpath: ${word}: ${error.message}\n`);
        status = 1;
      }
    }
    return status;
  }),
  program('mktemp', (call) => {
    const options = getopt(call, 'dp:qtu', { directory: 'd', tmpdir: 'p:', suffix: 'suffix:' });
    if (!options) return 1;
    const template = options.words[0] ?? 'tmp.XXXXXXXXXX';
    const folder =
      options.words[0] && !options.flags.has('p') && !options.flags.has('t')
        ? ''
        : `${options.flags.get('p') || '/tmp'}/`;
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
    if (!/XXX/.test(template)) {
      call.err(`mktemp: too few X's in template ${quoted(call, template)}\n`);
      return 1;
    }
    const path =
      folder +
      template.replace(/X{3,}(?!.*X)/, (marks) =>
        [...marks].map(() => letters[Math.floor(call.hooks.random() * letters.length)]).join(''),
      );
    try {
      if (options.flags.has('d')) call.fs.mkdir(call.shell.path(path), 0o700);
      else call.fs.write(call.shell.path(path), Buffer.alloc(0), { mode: 0o600 });
    } catch (error) {
      if (!(error instanceof FsError)) throw error;
      call.err(
        `mktemp: failed to create ${options.flags.has('d') ? 'directory' : 'file'} via template ${quoted(call, folder + template)}: ${error.message}\n`,
      );
      return 1;
    }
    call.out(`${path}\n`);
    return 0;
  }),
  program('truncate', (call) => {
    const options = getopt(call, 'cor:s:', { size: 's:', reference: 'r:', 'no-create': 'c' });
    if (!options) return 1;
    if (!options.flags.has('s') && !options.flags.has('r')) {
      call.err(
        `truncate: you must specify either ${quoted(call, '--size')} or ${quoted(call, '--reference')}\nTry 'truncate --help' for more information.\n`,
      );
      return 1;
    }
    const size = Math.min(1_048_576, Number.parseInt(options.flags.get('s') ?? '0', 10) || 0);
    return each(
      call,
      options.words,
      (word) => {
        const path = call.shell.path(word);
        const old = call.fs.exists(path) ? call.fs.read(path) : Buffer.alloc(0);
        const bytes = Buffer.alloc(size);
        old.copy(bytes, 0, 0, size);
        call.fs.write(path, bytes);
      },
      (word, error) => `cannot open '${word}' for writing: ${error.message}`,
    );
  }),
  program('sync', () => 0),
];

export const gnuFileTools: readonly ShellCommand[] = [dd, ...small];
