import type { Persona } from '../../persona.ts';

/** Blocks of the volume that the files lie on, and how many are used: what df(1) shows of the root. */
const blockSize = 4_096;
const total = 253_871 / 4;
const used = 186_290 / 4;

/** The reply to `statvfs@openssh.com` (PROTOCOL §4.4): eleven numbers of 64 bits. */
export function volume(persona: Persona): Buffer {
  const [blocks, free] = [Math.floor(total), Math.floor(total - used)];
  const id = BigInt(`0x${persona.token('volume', 16)}`);
  const inodes = 65_536;
  const numbers = [blockSize, blockSize, blocks, free, free, inodes, inodes - 9_313, inodes - 9_313];
  const bytes = Buffer.alloc(88);
  for (const [i, number] of numbers.entries()) bytes.writeBigUInt64BE(BigInt(number), 8 * i);
  bytes.writeBigUInt64BE(id, 64);
  bytes.writeBigUInt64BE(0n, 72);
  bytes.writeBigUInt64BE(255n, 80);
  return bytes;
}
