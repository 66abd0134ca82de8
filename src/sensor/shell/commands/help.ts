import type { Call } from '../shell.ts';

/** The version that this BusyBox claims; its help starts with it. */
export const version = 'BusyBox v1.30.1 (2021-03-16 09:12:44 UTC) multi-call binary.';

/** What an applet says to arguments it cannot use; returns its status. */
export function usage({ err }: Pick<Call, 'err'>, line: string, summary: string): number {
  err(`${version}\n\nUsage: ${line}\n\n${summary}\n`);
  return 1;
}

/** Short options and the words after them: `takes` names those that want a value. */
export function options(args: string[], takes = ''): { flags: Map<string, string>; words: string[] } {
  const flags = new Map<string, string>();
  const words: string[] = [];
  for (let i = 1; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--') {
      words.push(...args.slice(i + 1));
      break;
    }
    if (arg.startsWith('--')) {
      const [name = '', value] = arg.slice(2).split('=', 2);
      flags.set(name, value ?? '');
    } else if (arg.startsWith('-') && arg.length > 1) {
      for (let k = 1; k < arg.length; k++) {
        const letter = arg[k]!;
        if (!takes.includes(letter)) {
          flags.set(letter, '');
          continue;
        }
        flags.set(letter, arg.slice(k + 1) || (args[++i] ?? ''));
        break;
      }
    } else words.push(arg);
  }
  return { flags, words };
}
