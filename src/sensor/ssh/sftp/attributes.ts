import { dateText, modeText } from '../../shell/commands/listing.ts';
import type { FileNode } from '../../shell/fs.ts';
import { type Reader, uint32 } from '../data.ts';

const flags = { size: 1, owner: 2, mode: 4, times: 8, extended: 0x80000000 };
const kinds = { file: 0o100000, dir: 0o040000, link: 0o120000, device: 0o020000 };

/** What a client wants to set (§5). */
export interface Wanted {
  size?: bigint;
  mode?: number;
}

/** A file's attributes (draft-ietf-secsh-filexfer-02 §5): size, owner, mode, times. */
export function attributes(node: FileNode, size: number): Buffer {
  const bytes = Buffer.alloc(32);
  bytes.writeUInt32BE(flags.size | flags.owner | flags.mode | flags.times, 0);
  bytes.writeBigUInt64BE(BigInt(node.kind === 'dir' ? 4_096 : size), 4);
  bytes.writeUInt32BE(node.uid, 12);
  bytes.writeUInt32BE(node.gid, 16);
  bytes.writeUInt32BE((kinds[node.kind] | node.mode) >>> 0, 20);
  const seconds = Math.max(0, Math.floor(node.mtime / 1_000));
  bytes.writeUInt32BE(seconds, 24);
  bytes.writeUInt32BE(seconds, 28);
  return bytes;
}

export const noAttributes = uint32(0);

export function readAttributes(reader: Reader): Wanted {
  const has = reader.uint32();
  const wanted: Wanted = {};
  if (has & flags.size) wanted.size = reader.uint64();
  if (has & flags.owner) {
    reader.uint32();
    reader.uint32();
  }
  if (has & flags.mode) wanted.mode = reader.uint32() & 0o7777;
  return wanted;
}

/** A line as sftp-server shows it: `ls -l` with names of owners. */
export function longName(node: FileNode, name: string, size: number, now: number): string {
  const owner = node.uid === 0 ? 'root' : String(node.uid);
  const group = node.gid === 0 ? 'root' : String(node.gid);
  const shown = node.kind === 'dir' ? 4_096 : size;
  const links = node.kind === 'dir' ? 2 : 1;
  return `${modeText(node)} ${String(links).padStart(4)} ${owner.padEnd(8)} ${group.padEnd(8)} ${String(shown).padStart(8)} ${dateText(node.mtime, now)} ${name}`;
}
