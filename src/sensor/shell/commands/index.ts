import type { ShellCommand } from '../shell.ts';
import { builtins } from './builtins.ts';
import { busybox } from './busybox.ts';
import { fetchers } from './fetch.ts';
import { files } from './files.ts';
import { quiet } from './quiet.ts';
import { system } from './system.ts';
import { texts } from './text.ts';

/** Everything that the shell knows, by area. */
export const commandList: readonly ShellCommand[] = [
  ...builtins,
  busybox,
  ...files,
  ...texts,
  ...system,
  ...fetchers,
  ...quiet,
];

export const commands: ReadonlyMap<string, ShellCommand> = new Map(
  commandList.flatMap((command) => command.names.map((name) => [name, command] as const)),
);
