import { nameOf } from '../../fs.ts';
import type { ShellCommand } from '../../shell.ts';
import { program } from './getopt.ts';

/** Interpreters and compilers: what is literal in a one-liner is done, everything else runs and says nothing. */
const languages = program('python3 python python3.11 perl php node ruby lua', async (call) => {
  const { args, shell, fs } = call;
  const name = args[0]!;
  const persona = call.hooks.persona;
  if (/^(--version|-V|-v)$/.test(args[1] ?? '') && name !== 'php') {
    call.out(
      name.startsWith('python')
        ? `Python ${persona.system.id === 'debian' ? '3.11.2' : '3.10.12'}\n`
        : name === 'perl'
          ? `\nThis is perl 5, version 36, subversion 0 (v5.36.0) built for x86_64-linux-gnu-thread-multi\n`
          : 'v18.19.0\n',
    );
    return 0;
  }
  const at = args.findIndex((arg) => /^-(c|e|r|E|ne|pe)$/.test(arg));
  const path = args.slice(1).find((arg, i) => !arg.startsWith('-') && i + 1 !== at + 1);
  let text = at > 0 ? (args[at + 1] ?? '') : '';
  if (at < 0 && path !== undefined) {
    if (!fs.exists(shell.path(path))) {
      call.err(
        name.startsWith('python')
          ? `${name}: can't open file '${shell.path(path)}': [Errno 2] No such file or directory\n`
          : `Can't open ${name} script "${path}": No such file or directory\n`,
      );
      return 2;
    }
    shell.capture(path, 'run');
    text = fs.read(shell.path(path)).toString('latin1', 0, 65_536);
  } else if (at < 0) {
    if (call.isTerminal && name.startsWith('python'))
      call.out(
        'Python 3.11.2 (main, Apr 28 2025, 14:11:48) [GCC 12.2.0] on linux\nType "help", "copyright", "credits" or "license" for more information.\n>>> ',
      );
    text = await call.stdin();
  }
  for (const found of text
    .slice(0, 65_536)
    .matchAll(
      /(?:print|echo|puts|console\.log)\s*\(?\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(\d+(?:\s*[-+*]\s*\d+)?))/g,
    )) {
    const plain = (found[1] ?? found[2] ?? '').replace(/\\n/g, '\n').replace(/\\t/g, '\t');
    const sum = /^(\d{1,9})\s*([-+*])\s*(\d{1,9})$/.exec(found[3] ?? '');
    const value = sum
      ? String(
          sum[2] === '+'
            ? Number(sum[1]) + Number(sum[3])
            : sum[2] === '-'
              ? Number(sum[1]) - Number(sum[3])
              : Number(sum[1]) * Number(sum[3]),
        )
      : (found[3] ?? plain);
    call.out(name === 'perl' || name === 'php' ? value : `${value}\n`);
  }
  return 0;
});

const compiler = program('gcc cc g++ c++ clang gcc-12 make cmake git go rustc cargo', async (call) => {
  const { args, shell, fs } = call;
  const name = args[0]!;
  if (/^(--version|-v|version)$/.test(args[1] ?? '')) {
    call.out(
      name === 'git'
        ? 'git version 2.39.5\n'
        : name === 'make'
          ? 'GNU Make 4.3\n'
          : `${name} (Debian 12.2.0-14+deb12u1) 12.2.0\nCopyright (C) 2022 Free Software Foundation, Inc.\n`,
    );
    return 0;
  }
  const words = args.slice(1).filter((arg, i, all) => !arg.startsWith('-') && all[i - 1] !== '-o');
  if (name === 'git') {
    const url = args.find((arg) => /:\/\/|^git@/.test(arg));
    if (args[1] === 'clone' && url) {
      const target = words.at(-1) === url ? nameOf(url).replace(/\.git$/, '') : words.at(-1)!;
      call.hooks.emit({ kind: 'download', url: url.slice(0, 8_192), tool: 'git', name: target });
      call.err(`Cloning into '${target}'...\n`);
      await call.hooks.pause(4_000);
      call.err(
        `fatal: unable to access '${url}/': Could not resolve host: ${/:\/\/([^/:]+)/.exec(url)?.[1] ?? url}\n`,
      );
      return 128;
    }
    call.err('fatal: not a git repository (or any of the parent directories): .git\n');
    return 128;
  }
  if (name === 'make') {
    const there = ['Makefile', 'makefile', 'GNUmakefile'].some((file) => fs.exists(shell.path(file)));
    call.err(
      there
        ? ''
        : `make: *** No ${words[0] ? `rule to make target '${words[0]}'` : 'targets specified and no makefile found'}.  Stop.\n`,
    );
    return there ? 0 : 2;
  }
  if (words.length === 0) {
    call.err(`${name}: fatal error: no input files\ncompilation terminated.\n`);
    return 1;
  }
  let status = 0;
  for (const word of words) {
    if (fs.exists(shell.path(word))) shell.capture(word, 'compiled');
    else {
      call.err(`cc1: fatal error: ${word}: No such file or directory\ncompilation terminated.\n`);
      status = 1;
    }
  }
  const to = args.includes('-o') ? (args[args.indexOf('-o') + 1] ?? 'a.out') : 'a.out';
  if (status === 0 && !args.includes('-c')) {
    fs.copy('/usr/bin/true', shell.path(to));
    fs.chmod(shell.path(to), 0o755);
  }
  return status;
});

export const gnuLanguages: readonly ShellCommand[] = [languages, compiler];
