import type { Wire } from '../emulator.ts';
import { FsError } from '../shell/fs.ts';
import { createShell, filesOf, nobody, type Shell, Unfinished } from '../shell/index.ts';
import type { Container } from './store.ts';

/** How long a command may seem to wait at once, in milliseconds. */
const waitMs = 30_000;
/** Programs that run until somebody ends them. */
const lasting = /^(sleep|tail|top|watch|nc|cat|yes|crond|tor|sshd|dockerd|supervisord)$/;
/** Images whose programs are those of any small Linux; what others bring cannot be known. */
const plain =
  /^(?:(?:docker\.io\/)?library\/)?(alpine|ubuntu|debian|busybox|centos|fedora|bash|postgres|python|node|golang)(:|$)/;

/** A shell inside a container: the attacker's files, and the host's folders where they were bound. */
export function shellIn(wire: Wire, container: Container): Shell {
  const hooks = {
    persona: wire.persona,
    src: wire.src,
    dst: wire.dst,
    emit: wire.emit.bind(wire),
    keep: wire.keep.bind(wire),
    write: () => {},
    readLine: async () => null,
    pause: (ms: number) => wire.pause(Math.min(ms, waitMs)),
    now: () => wire.now(),
    random: () => wire.random(),
  };
  const fs = filesOf(hooks, wire.memory);
  for (const bind of bindsOf(container)) {
    const [source = '', target = ''] = bind.split(':');
    try {
      if (source.startsWith('/') && target.startsWith('/') && fs.exists(source) && !fs.exists(target))
        fs.link(source, target);
    } catch (error) {
      if (!(error instanceof FsError)) throw error;
    }
  }
  return createShell(hooks, wire.memory, { cwd: '/' });
}

/** What of the host was asked for inside: `Binds`, and `Mounts` of type bind. */
export function bindsOf({ host }: Pick<Container, 'host'>): string[] {
  const texts = (value: unknown): unknown[] => (Array.isArray(value) ? value.slice(0, 32) : []);
  return [
    ...texts(host.Binds).filter((one): one is string => typeof one === 'string'),
    ...texts(host.Mounts).flatMap((one) => {
      const { Source, Target } = (one ?? {}) as Record<string, unknown>;
      return typeof Source === 'string' && typeof Target === 'string' ? [`${Source}:${Target}`] : [];
    }),
  ];
}

/** Whether a command's program is there; of a foreign image nobody knows. */
export function knows(shell: Shell, container: Container, command: readonly string[]): boolean {
  const program = command[0] ?? '';
  if (!plain.test(container.image)) return true;
  const name = program.slice(program.lastIndexOf('/') + 1);
  return (
    ['sh', 'bash', 'ash', 'chroot', 'nsenter'].includes(name) ||
    shell.which(program) !== undefined ||
    lasting.test(name)
  );
}

/** Whether it would run on until it is stopped. */
export function lasts(shell: Shell, container: Container, command: readonly string[]): boolean {
  const program = command[0] ?? '';
  const name = program.slice(program.lastIndexOf('/') + 1);
  return lasting.test(name) || (!plain.test(container.image) && shell.which(program) === undefined);
}

/** The command without what only changes the root or the namespaces. */
function inner(command: readonly string[]): readonly string[] {
  const name = command[0]?.slice(command[0].lastIndexOf('/') + 1);
  if (name === 'chroot') return command.length > 2 ? inner(command.slice(2)) : ['sh'];
  if (name !== 'nsenter') return command;
  const at = command.findIndex((word, i) => i > 0 && !word.startsWith('-') && !/^\d+$/.test(word));
  return at < 0 ? ['sh'] : inner(command.slice(command[at] === '--' ? at + 1 : at));
}

/** Runs a command in the shell that pretends; resolves with its status. */
export async function run(
  shell: Shell,
  command: readonly string[],
  write: (stream: 1 | 2, text: string) => void,
): Promise<number> {
  const [program = '', ...args] = inner(command);
  const streams = {
    ...nobody,
    out: (text: string) => write(1, text),
    err: (text: string) => write(2, text),
  };
  const name = program.slice(program.lastIndexOf('/') + 1);
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
