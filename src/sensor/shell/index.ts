import type { Memory } from '../memory.ts';
import { commands } from './commands/index.ts';
import { FileSystem } from './fs.ts';
import type { Hooks } from './hooks.ts';
import { imageOf } from './image.ts';
import { Shell } from './run.ts';

export type { Hooks } from './hooks.ts';
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
  return fs;
}

/** A shell of root on the persona's machine; `name` is what its errors start with. */
export function createShell(
  hooks: Hooks,
  memory: Memory,
  { name = 'sh', cwd = '/root', user = 'root' } = {},
): Shell {
  return new Shell({
    fs: filesOf(hooks, memory),
    hooks,
    commands,
    name,
    cwd,
    variables: [
      ['HOME', '/root'],
      ['PATH', '/usr/local/bin:/usr/bin:/usr/sbin:/bin:/sbin'],
      ['SHELL', '/bin/sh'],
      ['USER', user],
      ['LOGNAME', user],
      ['PWD', cwd],
      ['TERM', 'vt102'],
    ],
  });
}
