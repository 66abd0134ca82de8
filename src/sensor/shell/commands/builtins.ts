import { FsError, fsError } from '../fs.ts';
import { defineCommand, Exhausted, Jump, type ShellCommand, shellLimits } from '../shell.ts';
import { echo, printf } from './echo.ts';

const cd = defineCommand({
  names: ['cd'],
  folder: null,
  run({ args, shell, fs, out, err }) {
    const [, wanted = shell.variables.get('HOME') ?? '/'] = args;
    const to = wanted === '-' ? (shell.variables.get('OLDPWD') ?? shell.cwd) : wanted;
    try {
      const real = fs.resolve(shell.path(to));
      if (fs.stat(real).kind !== 'dir') throw fsError('ENOTDIR');
      shell.variables.set('OLDPWD', shell.cwd);
      shell.cwd = real;
      shell.variables.set('PWD', real);
      if (wanted === '-') out(`${real}\n`);
      return 0;
    } catch (error) {
      if (!(error instanceof FsError)) throw error;
      err(`${shell.name}: cd: can't cd to ${to}: ${error.message}\n`);
      return 2;
    }
  },
});

const read = defineCommand({
  names: ['read'],
  folder: null,
  async run({ args, shell, stdinLine }) {
    const names = args.slice(1).filter((arg) => !arg.startsWith('-'));
    const line = await stdinLine();
    if (line === null) return 1;
    const raw = args.includes('-r');
    const words = (raw ? line : line.replace(/\\(.)/g, '$1')).trim().split(/[ \t]+/);
    for (const [i, name] of (names.length ? names : ['REPLY']).entries()) {
      const value = i === Math.max(names.length, 1) - 1 ? words.slice(i).join(' ') : (words[i] ?? '');
      if (!shell.variables.has(name) && shell.variables.size >= shellLimits.variables) throw new Exhausted();
      shell.variables.set(name, value);
    }
    return 0;
  },
});

const jumps = (['break', 'continue', 'return'] as const).map((name) =>
  defineCommand({
    names: [name],
    folder: null,
    run({ args, shell }) {
      const count = Number(args[1] ?? (name === 'return' ? shell.status : 1)) || 0;
      throw new Jump(name, Math.max(1, count), count & 255);
    },
  }),
);

const test = defineCommand({
  names: ['test', '[', '[['],
  folder: null,
  run({ args, shell, fs }) {
    const words = args.slice(1);
    if (args[0] !== 'test') words.pop();
    return judge(words, (path) => (fs.exists(shell.path(path)) ? fs.stat(shell.path(path)) : undefined))
      ? 0
      : 1;
  },
});

function judge(
  words: string[],
  stat: (path: string) => { kind: string; mode: number; size?: number } | undefined,
): boolean {
  const or = words.indexOf('-o');
  if (or > 0) return judge(words.slice(0, or), stat) || judge(words.slice(or + 1), stat);
  const and = words.indexOf('-a');
  if (and > 0) return judge(words.slice(0, and), stat) && judge(words.slice(and + 1), stat);
  if (words[0] === '!') return !judge(words.slice(1), stat);
  const [left = '', op = '', right = ''] = words;
  if (words.length <= 1) return left !== '';
  if (words.length === 2) {
    const node = stat(op);
    if (left === '-n') return op !== '';
    if (left === '-z') return op === '';
    if (left === '-d') return node?.kind === 'dir';
    if (left === '-f') return node?.kind === 'file';
    if (left === '-x') return node !== undefined && (node.mode & 0o111) !== 0;
    return ['-e', '-r', '-w', '-s', '-a', '-O', '-G'].includes(left) && node !== undefined;
  }
  const [a, b] = [Number(left), Number(right)];
  const results: Record<string, boolean> = {
    '=': left === right,
    '==': left === right,
    '!=': left !== right,
    '-eq': a === b,
    '-ne': a !== b,
    '-lt': a < b,
    '-le': a <= b,
    '-gt': a > b,
    '-ge': a >= b,
  };
  return results[op] ?? false;
}

const simple: ShellCommand[] = [
  defineCommand({ names: [':', 'true'], folder: null, run: () => 0 }),
  defineCommand({ names: ['false'], folder: null, run: () => 1 }),
  defineCommand({
    names: ['exit', 'logout', 'quit'],
    folder: null,
    run: ({ args, shell }) => shell.exit(args[1] === undefined ? shell.status : Number(args[1]) & 255),
  }),
  defineCommand({
    names: ['pwd'],
    folder: null,
    run({ shell, out }) {
      out(`${shell.cwd}\n`);
      return 0;
    },
  }),
  defineCommand({
    names: ['export', 'local', 'readonly'],
    folder: null,
    run({ args, shell, out }) {
      if (args.length === 1) for (const [name, value] of shell.variables) out(`export ${name}='${value}'\n`);
      for (const arg of args.slice(1)) {
        const at = arg.indexOf('=');
        if (at <= 0) continue;
        if (shell.variables.size >= shellLimits.variables) throw new Exhausted();
        shell.variables.set(arg.slice(0, at), arg.slice(at + 1, at + shellLimits.variableBytes));
      }
      return 0;
    },
  }),
  defineCommand({
    names: ['set', 'env', 'printenv'],
    folder: null,
    run({ args, shell, out }) {
      if (args.length === 1)
        for (const [name, value] of shell.variables)
          out(`${name}=${args[0] === 'set' ? `'${value}'` : value}\n`);
      return 0;
    },
  }),
  defineCommand({
    names: ['unset'],
    folder: null,
    run({ args, shell }) {
      for (const name of args.slice(1)) shell.variables.delete(name);
      return 0;
    },
  }),
  defineCommand({
    names: ['eval'],
    folder: null,
    run: ({ args, shell, ...streams }) => shell.run(args.slice(1).join(' '), streams),
  }),
  defineCommand({
    names: ['.', 'source'],
    folder: null,
    run({ args, shell, fs, err, ...rest }) {
      const path = args[1] ?? '';
      if (!fs.exists(shell.path(path))) {
        err(`${shell.name}: .: can't open '${path}': No such file or directory\n`);
        return 2;
      }
      shell.capture(path, 'run');
      return shell.run(fs.read(shell.path(path)).toString('latin1', 0, 262_144), { ...rest, err });
    },
  }),
  defineCommand({
    names: ['command', 'exec'],
    folder: null,
    run({ args, shell, out, ...rest }) {
      if (args[1] === '-v' || args[1] === '-V') {
        const found = shell.which(args[2] ?? '');
        if (found) out(`${found}\n`);
        return found ? 0 : 127;
      }
      return args.length > 1 ? shell.call(args.slice(1), { ...rest, out }) : 0;
    },
  }),
  defineCommand({
    names: ['type'],
    folder: null,
    run({ args, shell, out }) {
      let status = 0;
      for (const name of args.slice(1)) {
        const found = shell.which(name);
        if (!found) status = 127;
        out(
          found
            ? found === name
              ? `${name} is a shell builtin\n`
              : `${name} is ${found}\n`
            : `${name}: not found\n`,
        );
      }
      return status;
    },
  }),
  defineCommand({
    names: [
      'umask',
      'ulimit',
      'trap',
      'alias',
      'unalias',
      'jobs',
      'fg',
      'bg',
      'wait',
      'shift',
      'hash',
      'times',
      'history',
    ],
    folder: null,
    run: () => 0,
  }),
];

export const builtins: readonly ShellCommand[] = [...simple, cd, read, ...jumps, test, echo, printf];
