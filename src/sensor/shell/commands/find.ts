// Over 300 lines: one table of tests and actions, which share the walk.
import { FsError, join, nameOf } from '../fs.ts';
import { nameOfId } from '../identity.ts';
import { matches } from '../pattern.ts';
import { type Call, defineCommand } from '../shell.ts';
import { linesOf } from './gnu/getopt.ts';
import { modeText } from './listing.ts';

const visitLimit = 20_000;
type Test = (path: string, real: string) => boolean | Promise<boolean>;

/** find(1): the tests and actions that are in use. */
export async function runFind(call: Call): Promise<number> {
  const { args, fs, shell, hooks } = call;
  const words = args.slice(1);
  const roots: string[] = [];
  while (words.length && !/^[-(!]/.test(words[0]!)) roots.push(words.shift()!);
  let maxDepth = 64;
  let minDepth = 0;
  let acts = false;
  const batches: { command: string[]; paths: string[] }[] = [];
  let broken = '';
  const node = (real: string) => fs.stat(real, false);
  const number = (text: string, value: number) =>
    text.startsWith('+')
      ? value > Number(text.slice(1))
      : text.startsWith('-')
        ? value < Number(text.slice(1))
        : value === Number(text);

  const primary = (): Test => {
    const word = words.shift() ?? '';
    const argument = () => {
      const next = words.shift();
      if (next === undefined) broken ||= `missing argument to \`${word}'`;
      return next ?? '';
    };
    switch (word) {
      case '(': {
        const test = either();
        if (words.shift() !== ')') broken ||= "missing closing ')'";
        return test;
      }
      case '!':
      case '-not': {
        const test = primary();
        return async (path, real) => !(await test(path, real));
      }
      case '-name':
      case '-iname': {
        const pattern = argument();
        const fold = (text: string) => (word === '-iname' ? text.toLowerCase() : text);
        return (path) => matches(fold(pattern), fold(nameOf(path) || path));
      }
      case '-path':
      case '-wholename': {
        const pattern = argument();
        return (path) => matches(pattern, path);
      }
      case '-type': {
        const type = argument();
        return (_, real) => ({ f: 'file', d: 'dir', l: 'link', c: 'device' })[type] === node(real).kind;
      }
      case '-user':
      case '-group': {
        const name = argument();
        return (_, real) =>
          nameOfId(
            fs,
            word === '-user' ? '/etc/passwd' : '/etc/group',
            word === '-user' ? node(real).uid : node(real).gid,
          ) === name;
      }
      case '-perm': {
        const text = argument();
        const bits =
          Number.parseInt(
            text
              .replace(/^[-/+]/, '')
              .replace(/^u[+=]s$/, '4000')
              .replace(/^g[+=]s$/, '2000'),
            8,
          ) || 0;
        return (_, real) =>
          text.startsWith('-')
            ? (node(real).mode & bits) === bits
            : /^[/+]/.test(text)
              ? (node(real).mode & bits) !== 0
              : (node(real).mode & 0o7777) === bits;
      }
      case '-size': {
        const text = argument();
        const unit = { c: 1, k: 1_024, M: 1_048_576, G: 1_073_741_824 }[text.at(-1)!] ?? 512;
        return (_, real) => number(text.replace(/[a-zA-Z]$/, ''), Math.ceil(fs.size(node(real)) / unit));
      }
      case '-mtime':
      case '-ctime':
      case '-atime':
      case '-mmin':
      case '-cmin': {
        const text = argument();
        const unit = word.endsWith('min') ? 60_000 : 86_400_000;
        return (_, real) => number(text, Math.floor((hooks.now() - node(real).mtime) / unit));
      }
      case '-newer': {
        const other = argument();
        return (_, real) =>
          fs.exists(shell.path(other)) && node(real).mtime > fs.stat(shell.path(other)).mtime;
      }
      case '-empty':
        return (_, real) =>
          node(real).kind === 'dir' ? fs.list(real).length === 0 : fs.size(node(real)) === 0;
      case '-executable':
        return (_, real) => (node(real).mode & 0o111) !== 0;
      case '-maxdepth':
        maxDepth = Number(argument()) || 0;
        return () => true;
      case '-mindepth':
        minDepth = Number(argument()) || 0;
        return () => true;
      case '-print':
      case '-print0':
      case '-ls':
        acts = true;
        return (path, real) => {
          if (word === '-ls')
            call.out(
              `  ${4_096 + path.length} ${4} ${modeText(node(real))}   1 root     root     ${String(fs.size(node(real))).padStart(8)} ${path}\n`,
            );
          else call.out(`${path}${word === '-print0' ? '\0' : '\n'}`);
          return true;
        };
      case '-printf': {
        acts = true;
        const format = argument();
        return (path, real) => {
          call.out(
            format
              .replace(/\\n/g, '\n')
              .replace(/\\t/g, '\t')
              .replace(/\\0/g, '\0')
              .replace(
                /%([pfsmuMhTAC]@?|T\+)/g,
                (_, letter: string) =>
                  ({
                    p: path,
                    f: nameOf(path),
                    s: String(fs.size(node(real))),
                    m: (node(real).mode & 0o7777).toString(8),
                    M: modeText(node(real)),
                    u: nameOfId(fs, '/etc/passwd', node(real).uid),
                    h: path.slice(0, Math.max(0, path.lastIndexOf('/'))),
                    'T@': String(node(real).mtime / 1_000),
                  })[letter] ?? '',
              ),
          );
          return true;
        };
      }
      case '-delete':
        acts = true;
        return (_, real) => {
          fs.remove(real, node(real).kind === 'dir');
          return true;
        };
      case '-exec':
      case '-execdir':
      case '-ok': {
        acts = true;
        const end = words.findIndex((one) => one === ';' || one === '+');
        if (end < 0) {
          broken ||= `missing argument to \`${word}'`;
          return () => false;
        }
        const command = words.splice(0, end);
        if (words.shift() === '+') {
          const batch = { command, paths: [] as string[] };
          batches.push(batch);
          return (path) => batch.paths.push(path) > 0;
        }
        return async (path) =>
          (await shell.callProgram(
            command.map((one) => one.replaceAll('{}', path)),
            call,
          )) === 0;
      }
      case '-prune':
        return () => true;
      case '-follow':
      case '-xdev':
      case '-mount':
      case '-depth':
      case '-noleaf':
      case '-daystart':
      case '-true':
        return () => true;
      case '-false':
        return () => false;
      case '-regex':
      case '-links':
      case '-inum':
      case '-fstype':
      case '-uid':
      case '-gid': {
        const text = argument();
        return (_, real) =>
          word === '-uid'
            ? node(real).uid === Number(text)
            : word === '-gid'
              ? node(real).gid === Number(text)
              : false;
      }
      default:
        broken ||= word.startsWith('-')
          ? `unknown predicate \`${word}'`
          : `paths must precede expression: \`${word}'`;
        return () => false;
    }
  };
  const both = (): Test => {
    let test = primary();
    while (words.length && words[0] !== '-o' && words[0] !== '-or' && words[0] !== ')') {
      if (words[0] === '-a' || words[0] === '-and') words.shift();
      const [left, right] = [test, primary()];
      test = async (path, real) => (await left(path, real)) && right(path, real);
    }
    return test;
  };
  function either(): Test {
    let test = both();
    while (words[0] === '-o' || words[0] === '-or') {
      words.shift();
      const [left, right] = [test, both()];
      test = async (path, real) => (await left(path, real)) || right(path, real);
    }
    return test;
  }

  const test = words.length ? either() : () => true;
  if (broken || words.length > 256) {
    call.err(`find: ${broken}\n`);
    return 1;
  }
  let status = 0;
  let left = visitLimit;
  const walk = async (path: string, depth: number): Promise<void> => {
    if (left-- <= 0) return;
    shell.step();
    const real = shell.path(path);
    let names: string[] = [];
    try {
      if (node(real).kind === 'dir' && depth < maxDepth) names = fs.list(real);
    } catch (error) {
      if (!(error instanceof FsError)) throw error;
      call.err(`find: \xe2\x80\x98${path}\xe2\x80\x99: ${error.message}\n`);
      status = 1;
      if (error.errno === 'ENOENT') return;
    }
    if (depth >= minDepth && (await test(path, real)) && !acts) call.out(`${path}\n`);
    for (const name of names) await walk(path.endsWith('/') ? path + name : join(path, name), depth + 1);
  };
  for (const root of roots.length ? roots : ['.']) await walk(root, 0);
  for (const { command, paths } of batches)
    if (paths.length)
      await shell.callProgram(
        command.flatMap((one) => (one === '{}' ? paths : [one])),
        call,
      );
  return status;
}

/** xargs(1). */
export async function runXargs(call: Call): Promise<number> {
  const { shell } = call;
  let i = 1;
  let count = 4_096;
  let replace: string | undefined;
  let zero = false;
  let by: string | undefined;
  let skipEmpty = false;
  for (; i < call.args.length && call.args[i]!.startsWith('-'); i++) {
    const arg = call.args[i]!;
    const value = () => (arg.length > 2 ? arg.slice(2) : (call.args[++i] ?? ''));
    if (arg.startsWith('-n') || arg.startsWith('-L')) count = Number(value()) || 1;
    else if (arg.startsWith('-I')) replace = value();
    else if (arg === '-i') replace = '{}';
    else if (arg === '-0' || arg === '--null') zero = true;
    else if (arg.startsWith('-d')) by = value().replace('\\n', '\n');
    else if (/^-[Pslea]/.test(arg)) value();
    else if (arg === '-r' || arg === '--no-run-if-empty') skipEmpty = true;
  }
  const text = await call.stdin();
  const words = (
    zero
      ? text.split('\0')
      : by
        ? text.split(by)
        : replace === undefined
          ? (text.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^(["'])(.*)\1$/s, '$2'))
          : linesOf(text).map((line) => line.trim())
  )
    .filter(Boolean)
    .slice(0, 4_096);
  const command = call.args.slice(i);
  if (command.length === 0) command.push('echo');
  if (!shell.which(command[0]!)) {
    call.err(`xargs: ${command[0]}: No such file or directory\n`);
    return 127;
  }
  if (words.length === 0 && (skipEmpty || replace !== undefined || (shell.dialect.id === 'ash' && false)))
    return 0;
  let status = 0;
  const run = async (args: string[]) => {
    shell.step(4);
    if ((await shell.callProgram(args, call)) !== 0) status = 123;
  };
  if (replace !== undefined)
    for (const word of words) await run(command.map((one) => one.replaceAll(replace, word)));
  else
    for (let at = 0; at === 0 || at < words.length; at += count)
      await run([...command, ...words.slice(at, at + count)]);
  return status;
}

export const finding = [
  defineCommand({ names: ['find'], folder: '/usr/bin', run: runFind }),
  defineCommand({ names: ['xargs'], folder: '/usr/bin', run: runXargs }),
];
