import type { Memory } from '../memory.ts';
import { accountOf } from './accounts.ts';
import { containerCommands } from './commands/container.ts';
import { gnuCommands } from './commands/gnu/index.ts';
import { commands } from './commands/index.ts';
import { dialectOf } from './dialect.ts';
import { FileSystem } from './fs.ts';
import type { Hooks } from './hooks.ts';
import { root } from './identity.ts';
import { imageOf, isGnu } from './image.ts';
import { keepPassword, knowsPassword } from './passwords.ts';
import { ProcessTable } from './processes.ts';
import { Shell } from './run.ts';
import type { ShellOptions } from './shell-options.ts';

export { accountOf } from './accounts.ts';
export { type Hooks, hooksOf } from './hooks.ts';
export { isGnu } from './image.ts';
export { loginGreeting } from './motd.ts';
export { knowsPassword } from './passwords.ts';
export { promptOf } from './prompt.ts';
export type { Shell } from './run.ts';
export { greeting, nobody } from './streams.ts';
export { Unfinished } from './syntax.ts';

/** The files of one attacker on this persona: those of the last visit, while they are remembered. */
export function filesOf(hooks: Hooks, memory: Memory): FileSystem {
  let fs = memory.get('files') as FileSystem | undefined;
  if (!fs) {
    fs = new FileSystem(imageOf(hooks.persona), memory);
    memory.set('files', fs);
  }
  fs.now = hooks.now();
  fs.as(root);
  return fs;
}

export interface ShellAround {
  /** What its errors start with: `-bash` after a login, `bash` or `sh` else. */
  name?: string;
  cwd?: string;
  user?: string;
  /** The program; the account's login shell where it is left out. */
  program?: string;
  /** What its environment holds, in place of a login's. */
  variables?: Iterable<[string, string]>;
}

/** After which number a container counts its processes. */
const containerPids = 6;

/** A shell on the persona's machine, in the dialect of its program. */
export function createShell(hooks: Hooks, memory: Memory, around: ShellAround = {}): Shell {
  const options = shellOptions(hooks, memory, around);
  const shell = new Shell(options);
  options.fs.as(shell.identity);
  return shell;
}

/** What a shell on the persona's machine starts with. */
export function shellOptions(hooks: Hooks, memory: Memory, around: ShellAround = {}): ShellOptions {
  const gnu = isGnu(hooks.persona);
  const fs = filesOf(hooks, memory);
  const { name = 'sh' } = around;
  const identity = gnu ? accountOf(fs, hooks.persona, around.user ?? 'root') : root;
  const user = gnu ? identity.name : (around.user ?? 'root');
  const program = around.program ?? (/bash$/.test(name) ? 'bash' : 'sh');
  const cwd = around.cwd ?? '/root';
  let processes = memory.get('processes') as ProcessTable | undefined;
  if (!processes) {
    processes = new ProcessTable(hooks.persona.container && containerPids);
    memory.set('processes', processes);
  }
  const variables: [string, string][] = around.variables
    ? [...around.variables]
    : gnu
      ? [
          ['SHELL', identity.shell],
          ['PWD', cwd],
          ['LOGNAME', user],
          ['HOME', identity.home],
          ['LANG', 'C.UTF-8'],
          ['TERM', 'xterm'],
          ['USER', user],
          [
            'PATH',
            identity.uid === 0
              ? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
              : '/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games',
          ],
          ['MAIL', `/var/mail/${user}`],
        ]
      : [
          ['HOME', '/root'],
          ['PATH', '/usr/local/bin:/usr/bin:/usr/sbin:/bin:/sbin'],
          ['SHELL', '/bin/sh'],
          ['USER', user],
          ['LOGNAME', user],
          ['PWD', cwd],
          ['TERM', 'vt102'],
        ];
  return {
    fs,
    hooks: passwords(hooks, memory),
    commands: gnu ? gnuCommands : hooks.persona.container ? containerCommands : commands,
    name,
    cwd,
    variables,
    dialect: dialectOf(program, gnu),
    identity,
    processes,
  };
}

/** With what `passwd` and its like set told to whoever judges the next login. */
function passwords(hooks: Hooks, memory: Memory): Hooks {
  return {
    ...hooks,
    password: (user, secret) => keepPassword(memory, user, secret),
    knows: (user, secret) => knowsPassword(memory, user, secret) === true,
  };
}
