import { dialectOfScript } from './dialect.ts';
import { type FileNode, type FileSystem, FsError } from './fs.ts';
import type { Hooks } from './hooks.ts';
import { type ShellCommand, type ShellView, type Streams, shellLimits } from './shell.ts';

/** What running a file needs of its shell. */
interface Running extends ShellView {
  fs: FileSystem;
  hooks: Hooks;
  apply(command: ShellCommand, args: string[], streams: Streams): Promise<number>;
}

const elf = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);
/** How much of a script is read. */
const scriptLimit = 262_144;

/** The bytes of a file that the attacker made; undefined where there is none, or it is empty or the image's own. */
function dropped(fs: FileSystem, path: string): { real: string; content: Buffer } | undefined {
  let node: FileNode;
  let real: string;
  try {
    real = fs.resolve(path);
    node = fs.stat(real);
  } catch (error) {
    if (error instanceof FsError) return undefined;
    throw error;
  }
  if (!node.foreign || !Buffer.isBuffer(node.content) || node.content.length === 0) return undefined;
  return { real, content: node.content };
}

/** Keeps an attacker's file and tells of it, once for the same bytes. */
export function keepDropped(
  { fs, hooks }: { fs: FileSystem; hooks: Hooks },
  path: string,
  how: string,
  captured: Set<string>,
): void {
  const found = dropped(fs, path);
  if (!found) return;
  const { sha256, size } = hooks.keep(found.content);
  const key = `${found.real}\0${sha256}`;
  if (captured.has(key)) return;
  if (captured.size > shellLimits.captured) captured.clear();
  captured.add(key);
  hooks.emit({ kind: 'upload', sha256, size, name: found.real, detail: { how } });
}

/** Runs a file: a program of the image, a script, or what the attacker dropped, which does nothing that shows. */
export async function runFile(
  shell: Running,
  path: string | undefined,
  args: string[],
  streams: Streams,
  name: string,
): Promise<number> {
  const { dialect } = shell;
  if (path === undefined) {
    // Five folders were looked through.
    shell.step(16);
    const reason = name.includes('/') ? dialect.missing : dialect.notFound;
    streams.err(`${shell.prefix}${name}: ${reason}\n`);
    return 127;
  }
  const real = shell.fs.resolve(shell.path(path));
  const node = shell.fs.stat(real);
  if (node.kind !== 'file' || !(node.mode & 0o111)) {
    streams.err(`${shell.prefix}${name}: ${node.kind === 'dir' ? dialect.folder : 'Permission denied'}\n`);
    return 126;
  }
  if (!node.foreign) {
    const base = path.slice(path.lastIndexOf('/') + 1);
    const command = shell.commands.get(base) ?? shell.commands.get(real.slice(real.lastIndexOf('/') + 1));
    if (command) return shell.apply(command, [base, ...args.slice(1)], streams);
    if (dialect.id !== 'ash') return 0;
    streams.err(`${base}: applet not found\n`);
    return 127;
  }
  shell.capture(real, 'run');
  const content = shell.fs.read(real);
  if (content.subarray(0, 4).equals(elf)) return runElf(shell, content, args, streams, name);
  const text = content.toString('latin1', 0, scriptLimit);
  if (dialect.id !== 'ash') {
    const other = /^#!\s*(\S+)(?:\s+(\S+))?/.exec(text);
    if (other && !/(sh|\/env)$/.test(other[1]!))
      return runOther(shell, other[1]!, [name, ...args.slice(1)], streams);
    if (other?.[1]?.endsWith('/env') && other[2] && !/sh$/.test(other[2]))
      return shell.call([other[2], real, ...args.slice(1)], streams);
    if (!other && text.slice(0, 80).split('\n')[0]!.includes('\0')) {
      streams.err(`${shell.prefix}${name}: cannot execute binary file: Exec format error\n`);
      return 126;
    }
  }
  return shell.run(text, streams, {
    apart: true,
    name,
    args: args.slice(1),
    dialect: dialectOfScript(text, dialect),
  });
}

/** A script of another language. */
async function runOther(shell: Running, program: string, args: string[], streams: Streams): Promise<number> {
  if (shell.fs.exists(program)) return shell.call([program, ...args], streams);
  streams.err(`${shell.prefix}${args[0]}: cannot execute: required file not found\n`);
  return 127;
}

/**
 * An ELF program of the right kind starts and says nothing, and goes on running where it was put into the background; of another
 * kind the kernel refuses it, and ash reads it as a script.
 */
function runElf(shell: Running, content: Buffer, args: string[], streams: Streams, name: string): number {
  const { arch } = shell.hooks.persona;
  const fits =
    content.length >= 20 &&
    content[4] === arch.elfClass / 32 &&
    (arch.littleEndian ? content.readUInt16LE(18) : content.readUInt16BE(18)) === arch.elfMachine;
  if (fits) {
    const startedAt = shell.hooks.now();
    shell.processes.add({
      pid: shell.processes.nextPid(startedAt),
      user: shell.identity.name,
      command: args.join(' ').slice(0, 256),
      startedAt,
      until: Number.POSITIVE_INFINITY,
    });
    return 0;
  }
  if (shell.dialect.id === 'ash') {
    streams.err(`${name}: line 1: ${content.subarray(0, 8).toString('latin1').split('\n')[0]}: not found\n`);
    return 127;
  }
  const reason =
    shell.dialect.id === 'bash' ? 'cannot execute binary file: Exec format error' : 'Exec format error';
  streams.err(`${shell.prefix}${name}: ${reason}\n`);
  return 126;
}
