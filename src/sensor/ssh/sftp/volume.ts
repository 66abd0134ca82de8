import type { Persona } from '../../persona.ts';
import { mounted } from '../../shell/disk.ts';
import { isGnu } from '../../shell/image.ts';

const blockSize = 4_096;
/** What df(1) shows of the root of a storage box, in KiB. */
const boxRoot = { sizeKb: 253_871, usedKb: 186_290 };

/** The reply to `statvfs@openssh.com` (PROTOCOL §4.4): eleven numbers of 64 bits. */
export function volume(persona: Persona): Buffer {
  const root = isGnu(persona) ? mounted(persona).find(({ path }) => path === '/') : undefined;
  const { sizeKb, usedKb } = root ?? boxRoot;
  const [blocks, free] = [Math.floor(sizeKb / 4), Math.floor((sizeKb - usedKb) / 4)];
  const id = BigInt(`0x${persona.token('volume', 16)}`);
  // mke2fs makes an inode for every 16 KiB (mke2fs.conf(5), inode_ratio).
  const inodes = root ? Math.floor(sizeKb / 16) : 65_536;
  const numbers = [blockSize, blockSize, blocks, free, free, inodes, inodes - 9_313, inodes - 9_313];
  const bytes = Buffer.alloc(88);
  for (const [i, number] of numbers.entries()) bytes.writeBigUInt64BE(BigInt(number), 8 * i);
  bytes.writeBigUInt64BE(id, 64);
  bytes.writeBigUInt64BE(0n, 72);
  bytes.writeBigUInt64BE(255n, 80);
  return bytes;
}
