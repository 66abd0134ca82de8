import { dialectOf } from '../dialect.ts';
import type { ShellCommand } from '../shell.ts';
import { program } from './gnu/getopt.ts';

const scriptLimit = 262_144;

/** bash and dash as programs: `-c`, a script by its path, a script on the standard input, or a shell to type in. */
export const shells: readonly ShellCommand[] = [
  program('bash sh dash rbash ash', async (call) => {
    const { args, shell, fs, err } = call;
    const name = args[0]!;
    const dialect = dialectOf(name === 'rbash' ? 'bash' : name, true);
    const rest = args.slice(1);
    const set: string[] = [];
    let command = false;
    while (rest[0] !== undefined && /^[-+]./.test(rest[0])) {
      const flag = rest.shift()!;
      if (flag === '--') break;
      if (flag === '--version') {
        call.out(
          'GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)\nCopyright (C) 2022 Free Software Foundation, Inc.\n',
        );
        return 0;
      }
      if (flag === '-o' || flag === '-O') rest.shift();
      else if (/^-[a-z]+$/i.test(flag)) {
        if (flag.includes('c')) command = true;
        set.push(...[...flag.slice(1)].filter((letter) => 'eux'.includes(letter)));
      }
    }
    const head = set.length ? `set -${set.join('')};` : '';
    if (command) {
      const [script = '', zero = name, ...more] = rest;
      return shell.run(head + script, call, { apart: true, name: zero, args: more, dialect, command: true });
    }
    const path = rest.shift();
    if (path === undefined || path === '-') {
      if (call.isTerminal) {
        shell.switchTo({ ...shell.identity, shell: name === 'sh' ? '/bin/sh' : `/bin/${name}` }, false);
        return 0;
      }
      return shell.run(head + (await call.stdin()), call, { apart: true, name, args: rest, dialect });
    }
    const real = shell.path(path);
    if (!fs.exists(real)) {
      const told =
        dialect.id === 'bash'
          ? `${name}: ${path}: No such file or directory\n`
          : `${name}: 0: cannot open ${path}: No such file\n`;
      err(told);
      return dialect.id === 'bash' ? 127 : 2;
    }
    if (fs.stat(real).kind === 'dir') {
      err(dialect.id === 'bash' ? `${path}: ${path}: Is a directory\n` : `${name}: 0: Is a directory\n`);
      return dialect.id === 'bash' ? 126 : 2;
    }
    shell.capture(path, 'run');
    const text = fs.read(real).toString('latin1', 0, scriptLimit);
    if (text.startsWith('\x7fELF')) {
      err(`${path}: ${path}: cannot execute binary file\n`);
      return 126;
    }

    return shell.run(head + text, call, { apart: true, name: path, args: rest, dialect });
  }),
];
