import { ownPid } from './machine.ts';
import type { Shell } from './run.ts';

/** Parameters that the shell itself sets (XCU §2.5.2), and the variables that bash always has. */
export function special(name: string, shell: Shell): string | undefined {
  const { hooks, identity } = shell;
  switch (name) {
    case '?':
      return String(shell.status);
    case '$':
      return String(ownPid(hooks.src.port));
    case '!':
      return '';
    case '#':
      return String(shell.positional.length);
    case '@':
    case '*':
      return shell.positional.join(' ');
    case '0':
      return shell.name;
    case '-':
      return flags(shell);
    case 'PPID':
      return String(ownPid(hooks.src.port) - 1);
    default:
      return shell.extended ? ofBash(name, shell, identity.uid) : undefined;
  }
}

function flags({ options, dialect, interactive, inCommand }: Shell): string {
  if (dialect.id === 'ash') return 'himBH';
  const set = [
    ['errexit', 'e'],
    ['nounset', 'u'],
    ['xtrace', 'x'],
  ]
    .filter(([long]) => options.has(long!))
    .map(([, short]) => short)
    .join('');
  if (dialect.id === 'dash') return interactive ? `${set}smi` : set;
  if (interactive) return `${set}himBHs`;
  return `${set}hB${inCommand ? 'c' : ''}`;
}

function ofBash(name: string, shell: Shell, uid: number): string | undefined {
  const { hooks } = shell;
  const { persona } = hooks;
  switch (name) {
    case 'BASH':
      return '/bin/bash';
    case 'BASH_VERSION':
      return bashVersion(persona.system);
    case 'BASH_VERSINFO':
      return bashVersion(persona.system).slice(0, 1);
    case 'BASHPID':
      return String(ownPid(hooks.src.port));
    case 'UID':
    case 'EUID':
      return String(uid);
    case 'HOSTNAME':
      return persona.hostname;
    case 'HOSTTYPE':
      return persona.arch.name;
    case 'MACHTYPE':
      return `${persona.arch.name}-pc-linux-gnu`;
    case 'OSTYPE':
      return 'linux-gnu';
    case 'IFS':
      return ' \t\n';
    case 'LINENO':
      return String(shell.before + shell.lineNumber);
    case 'RANDOM':
      return String(Math.floor(hooks.random() * 32_768));
    case 'SECONDS':
      return '0';
    case 'EPOCHSECONDS':
      return String(Math.floor(hooks.now() / 1_000));
    case 'SHLVL':
      return String(shell.depth + 1);
    default:
      return undefined;
  }
}

/** The bash that a system ships. */
export function bashVersion({ id, version }: { id: string; version: string }): string {
  if (id === 'debian') return version.startsWith('11') ? '5.1.4(1)-release' : '5.2.15(1)-release';
  if (version.startsWith('20')) return '5.0.17(1)-release';
  return version.startsWith('22') ? '5.1.16(1)-release' : '5.2.21(1)-release';
}
