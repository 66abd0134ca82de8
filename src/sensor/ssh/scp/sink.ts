import { FsError, join } from '../../shell/fs.ts';
import type { Channel } from '../channel/channel.ts';
import type { StandardInput } from '../channel/standard-input.ts';
import { deposit } from '../deposit.ts';
import type { Guest } from '../guest.ts';
import type { ScpRequest } from './index.ts';

/** The largest file that is taken, in bytes, and how deep folders may lie in each other. */
const fileLimit = 32 * 1_048_576;
const depthLimit = 32;

/** `scp -t`: takes files and folders from the client. */
export async function sink(
  request: ScpRequest,
  guest: Guest,
  channel: Channel,
  input: StandardInput,
  [target = '/']: string[],
): Promise<number> {
  const fs = guest.files;
  const isFolder = (path: string) => fs.exists(path) && fs.stat(path).kind === 'dir';
  const okay = () => channel.write('\0');
  const complain = (text: string) => channel.write(`\x01scp: ${text}\n`);
  const folders: string[] = [];
  if (request.folder && !isFolder(target)) {
    complain(`${target}: Not a directory`);
    return 1;
  }
  let failed = false;
  okay();
  for (let line = await input.line(); line !== null; line = await input.line()) {
    const [, kind, mode = '', size = '', name = ''] = /^([CD])([0-7]{4}) (\d{1,15}) (.+)$/.exec(line) ?? [];
    const here = folders.at(-1) ?? target;
    if (kind === undefined) {
      if (line === 'E') folders.pop();
      else if (!/^T\d+ \d+ \d+ \d+$/.test(line)) {
        if (line.startsWith('\x01') || line.startsWith('\x02')) return 1;
        complain(`protocol error: ${line.slice(0, 64)}`);
        return 1;
      }
      okay();
      continue;
    }
    if (name.includes('/') || name === '.' || name === '..') {
      complain(`error: unexpected filename: ${name.slice(0, 256)}`);
      return 1;
    }
    const path = isFolder(here) ? join(here, name) : here;
    try {
      if (kind === 'D') {
        if (!request.recursive || folders.length >= depthLimit) {
          complain('protocol error: received directory without -r');
          return 1;
        }
        if (!isFolder(path)) fs.mkdir(path, Number.parseInt(mode, 8) & 0o777);
        folders.push(path);
        okay();
        continue;
      }
      if (Number(size) > fileLimit) {
        complain(`${path}: No space left on device`);
        return 1;
      }
      okay();
      const content = Number(size) ? await input.bytes(Number(size)) : Buffer.alloc(0);
      if (content === null || (await input.bytes(1)) === null) return 1;
      deposit(guest, path, content, 'scp', Number.parseInt(mode, 8) & 0o777);
      okay();
    } catch (error) {
      if (!(error instanceof FsError)) throw error;
      complain(`${path}: ${error.message}`);
      failed = true;
    }
  }
  return failed ? 1 : 0;
}
