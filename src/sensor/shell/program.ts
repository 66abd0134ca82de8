import { type FileNode, type FileSystem, FsError } from './fs.ts';
import type { Hooks } from './hooks.ts';
import type { ShellCommand, ShellView, Streams } from './shell.ts';

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
export function dropped(fs: FileSystem, path: string): { real: string; content: Buffer } | undefined {
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

/** Runs a file: a program of the image, a script, or what the attacker dropped, which does nothing that shows. */
export async function runFile(
  shell: Running,
  path: string | undefined,
  args: string[],
  streams: Streams,
  name: string,
): Promise<number> {
  if (path === undefined) {
    // Five folders were looked through.
    shell.step(16);
    streams.err(`${shell.name}: ${name}: not found\n`);
    return 127;
  }
  const real = shell.fs.resolve(shell.path(path));
  const node = shell.fs.stat(real);
  if (node.kind !== 'file' || !(node.mode & 0o111)) {
    streams.err(`${shell.name}: ${name}: Permission denied\n`);
    return 126;
  }
  if (!node.foreign) {
    const base = path.slice(path.lastIndexOf('/') + 1);
    const command = shell.commands.get(base) ?? shell.commands.get(real.slice(real.lastIndexOf('/') + 1));
    if (command) return shell.apply(command, [base, ...args.slice(1)], streams);
    streams.err(`${base}: applet not found\n`);
    return 127;
  }
  shell.capture(real, 'run');
  const content = shell.fs.read(real);
  // An ELF program of the right kind starts and says nothing; of another kind the kernel refuses it and ash reads it as a script.
  if (content.subarray(0, 4).equals(elf)) {
    const { arch } = shell.hooks.persona;
    const fits =
      content.length >= 20 &&
      content[4] === arch.elfClass / 32 &&
      (arch.littleEndian ? content.readUInt16LE(18) : content.readUInt16BE(18)) === arch.elfMachine;
    if (fits) return 0;
    streams.err(`${name}: line 1: ${content.subarray(0, 8).toString('latin1').split('\n')[0]}: not found\n`);
    return 127;
  }
  return shell.run(content.toString('latin1', 0, scriptLimit), streams, {
    apart: true,
    name,
    args: args.slice(1),
  });
}
