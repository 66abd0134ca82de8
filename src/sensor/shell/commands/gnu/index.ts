import type { ShellCommand } from '../../shell.ts';
import { awk } from '../awk/awk.ts';
import { beyond } from '../beyond.ts';
import { builtins } from '../builtins.ts';
import { finding } from '../find.ts';
import { grep } from '../grep.ts';
import { sed } from '../sed.ts';
import { shells } from '../shells.ts';
import { sorting } from '../sort.ts';
import { gnuAccounts } from './accounts.ts';
import { gnuBecome } from './become.ts';
import { gnuFetchers } from './fetch.ts';
import { gnuFileTools } from './file-tools.ts';
import { gnuFiles } from './files.ts';
import { gnuHardware } from './hardware.ts';
import { gnuLanguages } from './languages.ts';
import { ls } from './ls.ts';
import { gnuMachine } from './machine.ts';
import { gnuNetwork } from './network.ts';
import { gnuProcesses } from './processes.ts';
import { gnuServices } from './services.ts';
import { gnuSums } from './sums.ts';
import { gnuTexts } from './text.ts';
import { gnuVarious } from './various.ts';

/** What Debian and Ubuntu have; a machine has those of them that its files say. */
const gnuList: readonly ShellCommand[] = [
  ...gnuTexts,
  ...sorting,
  ...gnuSums,
  ls,
  ...gnuFiles,
  ...gnuFileTools,
  ...finding,
  grep,
  sed,
  awk,
  ...gnuMachine,
  ...gnuHardware,
  ...gnuProcesses,
  ...gnuAccounts,
  ...gnuBecome,
  ...beyond,
  ...gnuNetwork,
  ...gnuFetchers,
  ...gnuServices,
  ...gnuVarious,
  ...gnuLanguages,
  ...shells,
  // A built-in comes before the program of its name.
  ...builtins,
];

export const gnuCommands: ReadonlyMap<string, ShellCommand> = new Map(
  gnuList.flatMap((command) => command.names.map((name) => [name, command] as const)),
);
