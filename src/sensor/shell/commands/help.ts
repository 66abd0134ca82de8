import type { Persona } from '../../persona.ts';
import type { Call } from '../shell.ts';

/** What the BusyBox of a machine calls itself; its help starts with it. */
export function bannerOf(persona: Persona): string {
  return `BusyBox ${persona.container ? containerVersion(persona) : 'v1.30.1 (2021-03-16 09:12:44 UTC)'} multi-call binary.`;
}

/** The builds in Alpine's releases and in the image `busybox`, as their help texts show them in public logs. */
function containerVersion({ system }: Persona): string {
  if (system.id !== 'alpine') return 'v1.37.0 (2024-09-26 21:31:42 UTC)';
  const release = system.version.split('.').slice(0, 2).join('.');
  return builds[release] ?? builds['3.20']!;
}

const builds: Record<string, string> = {
  '3.19': 'v1.36.1 (2023-11-07 18:53:09 UTC)',
  '3.20': 'v1.36.1 (2024-06-10 07:11:47 UTC)',
  '3.21': 'v1.37.0 (2025-01-17 18:12:01 UTC)',
  '3.22': 'v1.37.0 (2025-05-26 20:04:45 UTC)',
};

/** What an applet says to arguments it cannot use; returns its status. */
export function usage({ err, hooks }: Pick<Call, 'err' | 'hooks'>, line: string, summary: string): number {
  err(`${bannerOf(hooks.persona)}\n\nUsage: ${line}\n\n${summary}\n`);
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
