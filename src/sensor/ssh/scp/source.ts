import { FsError, join, nameOf } from '../../shell/fs.ts';
import type { Channel } from '../channel/channel.ts';
import type { StandardInput } from '../channel/standard-input.ts';
import type { Guest } from '../guest.ts';
import type { ScpRequest } from './index.ts';

const depthLimit = 16;
const filesLimit = 2_000;

/** `scp -f`: gives files and folders to the client. */
export async function source(
  request: ScpRequest,
  guest: Guest,
  channel: Channel,
  input: StandardInput,
  paths: string[],
): Promise<number> {
  const fs = guest.files;
  let failed = false;
  let sent = 0;
  const agreed = async () => (await input.bytes(1))?.[0] === 0;
  const complain = (path: string, text: string) => {
    failed = true;
    channel.write(`\x01scp: ${path}: ${text}\n`);
  };

  /** False where the client wants no more. */
  async function give(path: string, depth: number): Promise<boolean> {
    if (depth > depthLimit || ++sent > filesLimit) return true;
    let node: ReturnType<typeof fs.stat>;
    try {
      node = fs.stat(path);
      if (node.kind === 'dir' && !request.recursive) {
        complain(path, 'not a regular file');
        return true;
      }
    } catch (error) {
      if (!(error instanceof FsError)) throw error;
      complain(path, error.message);
      return true;
    }
    const mode = (node.mode & 0o7777).toString(8).padStart(4, '0');
    if (request.preserve) {
      const seconds = Math.floor(node.mtime / 1_000);
      channel.write(`T${seconds} 0 ${seconds} 0\n`);
      if (!(await agreed())) return false;
    }
    if (node.kind === 'dir') {
      channel.write(`D${mode} 0 ${nameOf(path) || '/'}\n`);
      if (!(await agreed())) return false;
      for (const name of fs.list(path)) if (!(await give(join(path, name), depth + 1))) return false;
      channel.write('E\n');
      return agreed();
    }
    const content = node.kind === 'file' ? fs.read(path) : Buffer.alloc(0);
    channel.write(`C${mode} ${content.length} ${nameOf(path)}\n`);
    if (!(await agreed())) return false;
    for (let at = 0; at < content.length; at += 32_768) {
      channel.write(content.subarray(at, at + 32_768));
      await channel.room();
      if (channel.sentClose) return false;
    }
    channel.write('\0');
    return agreed();
  }

  if (!(await agreed())) return 1;
  for (const path of paths) if (!(await give(path, 0))) return 1;
  return failed ? 1 : 0;
}
