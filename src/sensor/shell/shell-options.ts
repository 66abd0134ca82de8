import type { Dialect } from './dialect.ts';
import type { FileSystem } from './fs.ts';
import type { Hooks } from './hooks.ts';
import type { Identity } from './identity.ts';
import type { ProcessTable } from './processes.ts';
import type { ShellCommand } from './shell.ts';

/** What one attacker's shells have in common. */
export interface ShellOptions {
  fs: FileSystem;
  hooks: Hooks;
  commands: ReadonlyMap<string, ShellCommand>;
  /** The name that errors start with: `-sh` after a login, `sh` else. */
  name: string;
  cwd: string;
  variables: Iterable<[string, string]>;
  dialect?: Dialect;
  identity?: Identity;
  processes?: ProcessTable;
  history?: string[];
}
