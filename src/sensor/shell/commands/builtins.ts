// Over 300 lines: the built-ins of three shells, which differ in a word here and there.
import { evaluate } from '../arithmetic.ts';
import { FsError, fsError } from '../fs.ts';
import { judge, TestFault } from '../judge.ts';
import { type Call, defineCommand, Exhausted, Jump, type ShellCommand, shellLimits } from '../shell.ts';
import { echo, printf } from './echo.ts';
import { runKill } from './gnu/processes.ts';

function builtin(names: string, run: ShellCommand['run'], only?: ShellCommand['only']): ShellCommand {
  return defineCommand({ names: names.split(' '), folder: null, run, ...(only ? { only } : {}) });
}

const isAsh = ({ shell }: Pick<Call, 'shell'>) => shell.dialect.id === 'ash';

const cd = builtin('cd pushd popd', (call) => {
  const { args, shell, fs, out, err } = call;
  const [first, second] = args.slice(1).filter((arg) => arg !== '-P' && arg !== '-L' && arg !== '--');
  if (second !== undefined && shell.dialect.id === 'bash') {
    err(`${shell.prefix}cd: too many arguments\n`);
    return 1;
  }
  const wanted = first ?? shell.variables.get('HOME') ?? '/';
  const to = wanted === '-' || args[0] === 'popd' ? (shell.variables.get('OLDPWD') ?? shell.cwd) : wanted;
  try {
    const real = fs.resolve(shell.path(to));
    if (fs.stat(real).kind !== 'dir') throw fsError('ENOTDIR');
    shell.set('OLDPWD', shell.cwd);
    shell.cwd = real;
    shell.set('PWD', real);
    if (wanted === '-') out(`${real}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof FsError)) throw error;
    if (isAsh(call)) err(`${shell.name}: cd: can't cd to ${to}: ${error.message}\n`);
    else
      err(
        shell.dialect.id === 'dash'
          ? `${shell.prefix}cd: can't cd to ${to}\n`
          : `${shell.prefix}cd: ${to}: ${error.message}\n`,
      );
    return shell.dialect.id === 'bash' ? 1 : 2;
  }
});

const read = builtin('read', async ({ args, shell, stdinLine, out, isTerminal }) => {
  const names: string[] = [];
  let raw = false;
  let array: string | undefined;
  for (let i = 1; i < args.length; i++) {
    const arg = args[i]!;
    if (!arg.startsWith('-')) names.push(arg);
    else {
      if (arg.includes('r')) raw = true;
      if (/[a]$/.test(arg)) array = args[++i];
      else if (/p$/.test(arg)) {
        const prompt = args[++i] ?? '';
        if (isTerminal) out(prompt);
      } else if (/[dntuN]$/.test(arg)) i++;
    }
  }
  const line = await stdinLine();
  const text = raw ? (line ?? '') : (line ?? '').replace(/\\(.)/g, '$1');
  const by = shell.get('IFS') ?? ' \t\n';
  const blank = /^[ \t\n]*$/.test(by);
  const words = blank
    ? by === ''
      ? [text]
      : text.trim().split(/[ \t]+/)
    : text.split(new RegExp(`[${by.replace(/[\\\]^-]/g, '\\$&')}]`));
  if (array !== undefined)
    shell.arrays.set(array, new Map(words.slice(0, shellLimits.words).map((word, i) => [String(i), word])));
  else
    for (const [i, name] of (names.length ? names : ['REPLY']).entries()) {
      const last = i === Math.max(names.length, 1) - 1;
      const value = last ? words.slice(i).join(blank ? ' ' : by[0]) : (words[i] ?? '');
      if (/^[A-Za-z_]\w*$/.test(name)) shell.set(name, value);
    }
  return line === null ? 1 : 0;
});

const jumps = (['break', 'continue', 'return'] as const).map((name) =>
  builtin(name, ({ args, shell }) => {
    const count = Number(args[1] ?? (name === 'return' ? shell.status : 1)) || 0;
    throw new Jump(name, Math.max(1, count), count & 255);
  }),
);

function runTest({ args, shell, fs, err }: Call): number {
  const words = args.slice(1);
  const name = args[0]!;
  if (name !== 'test' && words.pop() !== (name === '[' ? ']' : ']]')) {
    err(`${shell.prefix}${name}: missing ${shell.dialect.id === 'bash' ? "`]'" : ']'}\n`);
    return 2;
  }
  try {
    return judge(words, { fs, path: (path) => shell.path(path), get: (one) => shell.get(one) }) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof TestFault)) throw error;
    const reason =
      shell.dialect.id === 'dash'
        ? error.message
            .replace(/^(.*): integer expression expected$/, 'Illegal number: $1')
            .replace(/^(.*): (unary|binary) operator expected$/, '$1: unexpected operator')
        : error.message;
    err(`${shell.prefix}${name}: ${reason}\n`);
    return 2;
  }
}
const test = builtin('test [', runTest);
const doubled = builtin('[[', runTest, ['ash']);

const names: [string, string][] = [
  ['e', 'errexit'],
  ['u', 'nounset'],
  ['x', 'xtrace'],
  ['f', 'noglob'],
];

const set = builtin('set', (call) => {
  const { args, shell, out, err } = call;
  if (args.length === 1) {
    for (const [name, value] of [...shell.variables].sort(([a], [b]) => (a < b ? -1 : 1)))
      out(`${name}=${isAsh(call) || /[^\w./:@%+,-]/.test(value) ? `'${value}'` : value}\n`);
    return 0;
  }
  for (let i = 1; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--') {
      shell.positional = args.slice(i + 1, i + 1 + shellLimits.words);
      return 0;
    }
    if (!/^[-+]./.test(arg)) {
      shell.positional = args.slice(i, i + shellLimits.words);
      return 0;
    }
    const on = arg.startsWith('-');
    const wanted =
      arg[1] === 'o'
        ? [args[++i] ?? '']
        : [...arg.slice(1)].map((letter) => names.find(([short]) => short === letter)?.[1] ?? letter);
    for (const option of wanted) {
      if (arg[1] === 'o' && !/^[a-z]+$/.test(option)) {
        err(`${shell.prefix}set: ${option}: invalid option name\n`);
        return 2;
      }
      if (on) shell.options.add(option.slice(0, 32));
      else shell.options.delete(option);
    }
  }
  return 0;
});

const declare = builtin('export local readonly declare typeset', ({ args, shell, out, err }) => {
  const flags = args
    .slice(1)
    .filter((arg) => /^[-+]./.test(arg))
    .join('');
  const rest = args.slice(1).filter((arg) => !/^[-+]./.test(arg));
  if (rest.length === 0) {
    const start = shell.dialect.id === 'bash' ? 'declare -x ' : 'export ';
    const mark = shell.dialect.id === 'bash' ? '"' : "'";
    for (const [name, value] of [...shell.variables].sort(([a], [b]) => (a < b ? -1 : 1)))
      if (name !== '!') out(`${start}${name}=${mark}${value}${mark}\n`);
    return 0;
  }
  let status = 0;
  for (const arg of rest) {
    const [, name, append, value] = /^([A-Za-z_]\w*)(?:(\+?)=([\s\S]*))?$/.exec(arg) ?? [];
    if (name === undefined) {
      err(
        shell.dialect.id === 'dash'
          ? `${shell.prefix}${args[0]}: ${arg.split('=')[0]}: bad variable name\n`
          : `${shell.prefix}${args[0]}: \`${arg}': not a valid identifier\n`,
      );
      status = 1;
      continue;
    }
    if (flags.includes('p')) {
      const found = shell.get(name);
      if (found === undefined) {
        err(`${shell.prefix}declare: ${name}: not found\n`);
        status = 1;
      } else out(`declare -- ${name}="${found}"\n`);
      continue;
    }
    if (flags.includes('A') && !shell.arrays.has(name)) {
      if (shell.arrays.size >= 64) throw new Exhausted();
      shell.arrays.set(name, new Map([['\0names', '']]));
    }
    if (value !== undefined) {
      const number = flags.includes('i') ? evaluate(value, (one) => shell.get(one) ?? '') : undefined;
      shell.set(
        name,
        typeof number === 'bigint' ? String(number) : append ? (shell.get(name) ?? '') + value : value,
      );
    } else if (
      args[0] === 'local' &&
      shell.dialect.id === 'bash' &&
      !shell.variables.has(name) &&
      !shell.arrays.has(name)
    )
      shell.set(name, '');
    if (args[0] === 'readonly' || flags.includes('r')) shell.readOnly.add(name);
  }
  return status;
});

const source = builtin('. source', ({ args, shell, fs, err, ...rest }) => {
  const path = args[1];
  if (path === undefined) {
    err(
      shell.dialect.id === 'bash'
        ? `${shell.prefix}${args[0]}: filename argument required\n${args[0]}: usage: ${args[0]} filename [arguments]\n`
        : '',
    );
    return 2;
  }
  if (!fs.exists(shell.path(path)) || fs.stat(shell.path(path)).kind === 'dir') {
    const there = fs.exists(shell.path(path));
    if (shell.dialect.id === 'bash')
      err(
        `${shell.prefix}${there ? `${args[0]}: ` : ''}${path}: ${there ? 'is a directory' : 'No such file or directory'}\n`,
      );
    else if (shell.dialect.id === 'dash') err(`${shell.prefix}.: cannot open ${path}: No such file\n`);
    else err(`${shell.name}: .: can't open '${path}': No such file or directory\n`);
    if (shell.dialect.id === 'dash' && !shell.interactive) shell.exit(2);
    return shell.dialect.id === 'bash' ? 1 : 2;
  }
  shell.capture(path, 'run');
  return shell.run(fs.read(shell.path(path)).toString('latin1', 0, 262_144), { ...rest, err });
});

const command = builtin('command exec builtin', async (call) => {
  const { args, shell, out } = call;
  const rest = args.slice(1).filter((arg, i) => !(i === 0 && /^-[pacl]+$/.test(arg)));
  if (rest[0] === '-v' || rest[0] === '-V') {
    let status = 0;
    for (const name of rest.slice(1)) {
      const found = shell.which(name);
      if (found)
        out(
          rest[0] === '-V'
            ? `${name} is ${found.startsWith('/') ? found : 'a shell builtin'}\n`
            : `${found}\n`,
        );
      else status = isAsh(call) || shell.dialect.id === 'dash' ? 127 : 1;
    }
    return status;
  }
  if (rest.length === 0) return 0;
  const status = await shell.call(rest, call);
  // What `exec` starts takes the shell's place.
  return args[0] === 'exec' && !isAsh(call) && shell.which(rest[0]!) ? shell.exit(status) : status;
});

const type = builtin('type', (call) => {
  const { args, shell, out, err } = call;
  let status = 0;
  const short = args.includes('-t');
  for (const name of args.slice(1).filter((arg) => !arg.startsWith('-'))) {
    const found = shell.which(name);
    const kind = shell.functions.has(name)
      ? 'function'
      : shell.aliases.has(name)
        ? 'alias'
        : found === name && !name.includes('/')
          ? 'builtin'
          : 'file';
    if (!found) {
      status = shell.dialect.id === 'bash' ? 1 : 127;
      if (short) continue;
      if (shell.dialect.id === 'bash') err(`${shell.prefix}type: ${name}: not found\n`);
      else out(`${name}: not found\n`);
    } else if (short) out(`${kind}\n`);
    else
      out(
        kind === 'file'
          ? `${name} is ${found}\n`
          : kind === 'alias'
            ? `${name} is aliased to \`${shell.aliases.get(name)}'\n`
            : kind === 'function'
              ? `${name} is a function\n`
              : `${name} is a shell builtin\n`,
      );
  }
  return status;
});

const history = builtin(
  'history',
  ({ args, shell, out }) => {
    if (args[1] === '-c') shell.history.length = 0;
    else if (args[1] === undefined || /^\d+$/.test(args[1])) {
      const count = Number(args[1] ?? shell.history.length);
      for (const [i, line] of shell.history.entries())
        if (i >= shell.history.length - count) out(`${String(i + 1).padStart(5)}  ${line}\n`);
    }
    return 0;
  },
  ['bash', 'ash'],
);

const quiet: Record<string, ShellCommand['only']> = {
  'bind compgen complete compopt disown enable shopt suspend dirs caller fc': ['bash'],
  'ulimit umask hash times bg fg': undefined,
};

export const builtins: readonly ShellCommand[] = [
  builtin(': true', () => 0),
  builtin('false', () => 1),
  builtin('exit logout quit bye', ({ args, shell, err }) => {
    if (args[1] !== undefined && !/^-?\d+$/.test(args[1]) && shell.dialect.id === 'bash') {
      err(`${shell.prefix}exit: ${args[1]}: numeric argument required\n`);
      return shell.exit(2);
    }
    return shell.exit(args[1] === undefined ? shell.status : Number(args[1]) & 255);
  }),
  builtin('pwd', ({ shell, out }) => {
    out(`${shell.cwd}\n`);
    return 0;
  }),
  set,
  declare,
  builtin(
    'env printenv',
    ({ args, shell, out }) => {
      if (args.length === 1) for (const [name, value] of shell.variables) out(`${name}=${value}\n`);
      return 0;
    },
    ['ash'],
  ),
  builtin('unset', ({ args, shell }) => {
    for (const name of args.slice(1).filter((arg) => !arg.startsWith('-'))) {
      shell.variables.delete(name);
      shell.arrays.delete(name);
      if (args.includes('-f')) shell.removeFunction(name);
    }
    return 0;
  }),
  builtin('eval', ({ args, shell, ...streams }) => shell.run(args.slice(1).join(' '), streams)),
  source,
  command,
  type,
  builtin('shift', ({ args, shell }) => {
    const count = Number(args[1] ?? 1) || 0;
    if (count > shell.positional.length) return 1;
    shell.positional = shell.positional.slice(count);
    return 0;
  }),
  builtin(
    'let',
    ({ args, shell }) => {
      let last = 0n;
      for (const text of args.slice(1)) {
        const value = evaluate(text, (name) => shell.get(name) ?? '', shell);
        last = typeof value === 'string' ? 0n : value;
      }
      return last === 0n ? 1 : 0;
    },
    ['bash', 'ash'],
  ),
  builtin('trap', ({ args, shell, out }) => {
    if (args.length === 1) for (const [name, script] of shell.traps) out(`trap -- '${script}' ${name}\n`);
    const [, script = '', ...signals] = args[1] === '--' ? ['', ...args.slice(2)] : args;
    for (const signal of signals.slice(0, 32)) {
      const name = signal === '0' ? 'EXIT' : signal.replace(/^SIG/, '').slice(0, 16);
      if (script === '-') shell.traps.delete(name);
      else if (shell.traps.size < 64) shell.traps.set(name, script.slice(0, shellLimits.variableBytes));
    }
    return 0;
  }),
  builtin('alias', ({ args, shell, out, err }) => {
    if (args.length === 1) for (const [name, value] of shell.aliases) out(`alias ${name}='${value}'\n`);
    let status = 0;
    for (const arg of args.slice(1)) {
      const at = arg.indexOf('=');
      if (at > 0 && shell.aliases.size < shellLimits.aliases)
        shell.aliases.set(arg.slice(0, at), arg.slice(at + 1, at + 4_096));
      else if (at < 0 && !shell.aliases.has(arg)) {
        err(`${shell.prefix}alias: ${arg}: not found\n`);
        status = 1;
      }
    }
    return status;
  }),
  builtin('unalias', ({ args, shell }) => {
    if (args[1] === '-a') shell.aliases.clear();
    for (const name of args.slice(1)) shell.aliases.delete(name);
    return 0;
  }),
  builtin('jobs', ({ shell, hooks, out }) => {
    const running = shell.jobs.filter(({ until }) => until > hooks.now());
    for (const job of running)
      out(`[${job.number}]${job === running.at(-1) ? '+' : '-'}  ${'Running'.padEnd(24)}${job.text} &\n`);
    return 0;
  }),
  builtin('wait', async ({ args, shell, hooks, err }) => {
    const pid = args[1];
    if (pid !== undefined && /^\d+$/.test(pid) && !shell.jobs.some((job) => job.pid === Number(pid))) {
      err(`${shell.prefix}wait: pid ${pid} is not a child of this shell\n`);
      return 127;
    }
    const until = Math.max(0, ...shell.jobs.map((job) => job.until - hooks.now()));
    await hooks.pause(Math.min(until, shellLimits.sleepMs));
    for (const job of shell.jobs) job.until = Math.min(job.until, hooks.now());
    return 0;
  }),
  builtin('getopts', ({ args, shell }) => {
    const [, spec = '', name = 'opt'] = args;
    const at = Number(shell.get('OPTIND') ?? 1);
    const word = shell.positional[at - 1];
    if (!word || !/^-./.test(word) || word === '--') return 1;
    const letter = word[1]!;
    const known = spec.indexOf(letter);
    shell.set(name, known < 0 ? '?' : letter);
    const takes = known >= 0 && spec[known + 1] === ':';
    if (takes) shell.set('OPTARG', word.slice(2) || (shell.positional[at] ?? ''));
    shell.set('OPTIND', String(at + (takes && word.length === 2 ? 2 : 1)));
    return 0;
  }),
  builtin(
    'mapfile readarray',
    async ({ args, shell, stdin }) => {
      const name = args.slice(1).findLast((arg) => !arg.startsWith('-')) ?? 'MAPFILE';
      const lines = (await stdin()).split('\n');
      if (lines.at(-1) === '') lines.pop();
      const end = args.includes('-t') ? '' : '\n';
      shell.arrays.set(
        name,
        new Map(lines.slice(0, shellLimits.words).map((line, i) => [String(i), line + end])),
      );
      return 0;
    },
    ['bash'],
  ),
  defineCommand({ names: ['kill'], folder: null, run: runKill, only: ['bash', 'dash'] }),
  history,
  ...Object.entries(quiet).map(([list, only]) =>
    builtin(
      list,
      ({ args, out }) => {
        if (args[0] === 'umask' && args.length === 1) out('0022\n');
        if (args[0] === 'ulimit') out(args[1] === '-n' ? '1024\n' : args.length < 3 ? 'unlimited\n' : '');
        return 0;
      },
      only,
    ),
  ),
  cd,
  read,
  ...jumps,
  test,
  doubled,
  echo,
  printf,
];
