import { nobody, type Shell, Unfinished } from '../shell/index.ts';
import { contentsOf } from './catalogue.ts';
import type { Container } from './store.ts';

/** Programs that run until somebody ends them. */
const lasting =
  /^(top|watch|yes|crond|tor|sshd|dockerd|supervisord|nginx|httpd-foreground|apache2-foreground|redis-server|postgres|mysqld|mariadbd|mongod|memcached|traefik)$/;
/** Those that do so by what they are told: they wait for input, for lines to come, or for long. */
const waiting = new Map<string, (args: readonly string[]) => boolean>([
  ['cat', (args) => args.length === 0],
  ['nc', () => true],
  ['tail', (args) => args.some((arg) => /^(-[a-zA-Z]*[fF]|--follow)/.test(arg))],
  ['sleep', ([time = '']) => /^inf/.test(time) || secondsOf(time) > longestSleep],
]);
const secondsOf = (time: string) =>
  Number.parseFloat(time) *
  (time.endsWith('m') ? 60 : time.endsWith('h') ? 3_600 : time.endsWith('d') ? 86_400 : 1);
/** What is waited for, in seconds. */
const longestSleep = 30;

const nameOf = (command: readonly string[]) => command[0]?.slice(command[0].lastIndexOf('/') + 1) ?? '';

/** Whether a command's program is there; of a foreign image nobody knows. */
export function knows(shell: Shell, container: Container, command: readonly string[]): boolean {
  return (
    !contentsOf(container.image).known ||
    shell.program(command[0] ?? '') !== undefined ||
    isPath(shell, command)
  );
}

function isPath(shell: Shell, [program = '']: readonly string[]): boolean {
  return program.includes('/') && shell.fs.exists(shell.path(program));
}

/** Whether it would run on until it is stopped. */
export function lasts(shell: Shell, container: Container, command: readonly string[]): boolean {
  return (
    lasting.test(nameOf(command)) ||
    waiting.get(nameOf(command))?.(command.slice(1)) === true ||
    (!contentsOf(container.image).known && shell.which(command[0] ?? '') === undefined)
  );
}

/** Whether a command is a shell that reads what is typed. */
export function isShell(command: readonly string[]): boolean {
  return command.length <= 2 && /^(ba|a|da)?sh$/.test(nameOf(command)) && !command[1]?.includes('c');
}

/** Runs a command in the shell that pretends; resolves with its status. */
export async function run(
  shell: Shell,
  command: readonly string[],
  write: (stream: 1 | 2, text: string) => void,
): Promise<number> {
  const [program = '', ...args] = command;
  const streams = {
    ...nobody,
    out: (text: string) => write(1, text),
    err: (text: string) => write(2, text),
  };
  const name = nameOf(command);
  const script = /^(ba|a|da)?sh$/.test(name) ? scriptOf(args) : undefined;
  try {
    if (script !== undefined) await shell.line(script, streams, { command: true });
    else await shell.line([program, ...args].map(quoted).join(' '), streams, { command: true });
  } catch (error) {
    if (!(error instanceof Unfinished)) throw error;
    streams.err(`${name}: syntax error: unexpected end of file\n`);
    shell.status = 2;
  }
  shell.finish();
  return shell.status;
}

/** The script of `sh -c SCRIPT`, also with `-ec` and the like; undefined where there is none. */
function scriptOf(args: readonly string[]): string | undefined {
  const at = args.findIndex((arg) => /^-[a-z]*c$/.test(arg));
  return at < 0 ? undefined : (args[at + 1] ?? '');
}

/** A word as a shell reads it back. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
