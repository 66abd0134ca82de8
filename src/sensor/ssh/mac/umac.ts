import { type Cipher, createCipheriv } from 'node:crypto';
import type { Mac } from './mac.ts';

/** Bytes that one L1 block holds (RFC 4418 §5.1). */
const blockSize = 1_024;
const p36 = 2 ** 36 - 5;
const p64 = 2n ** 64n - 59n;
const words = blockSize / 4;

/** One of the two or four Toeplitz streams: the keys of its three layers. */
interface Stream {
  nh: Uint32Array;
  poly: bigint;
  /** L3's eight numbers below 2^36 - 5, and the 4 bytes that are xored on. */
  inner: Float64Array;
  outer: number;
}

/** UMAC-64 and UMAC-128 (RFC 4418) under AES-128, as umac-64@openssh.com uses them: the nonce is the sequence number. */
export class Umac implements Mac {
  readonly size: 8 | 16;
  readonly etm: boolean;
  readonly #streams: Stream[];
  readonly #pad: Cipher;
  readonly #nonce = Buffer.alloc(8);
  readonly #block = Buffer.alloc(16);

  constructor(size: 8 | 16, etm: boolean, key: Buffer) {
    this.size = size;
    this.etm = etm;
    const iterations = size / 4;
    const l1 = derive(key, 1, blockSize + (iterations - 1) * 16);
    const l2 = derive(key, 2, iterations * 24);
    const l3a = derive(key, 3, iterations * 64);
    const l3b = derive(key, 4, iterations * 4);
    this.#streams = Array.from({ length: iterations }, (_, i) => ({
      nh: Uint32Array.from({ length: words }, (_, j) => l1.readUInt32BE(i * 16 + j * 4)),
      poly: l2.readBigUInt64BE(i * 24) & 0x01ffffff01ffffffn,
      inner: Float64Array.from({ length: 8 }, (_, j) =>
        Number(l3a.readBigUInt64BE(i * 64 + j * 8) % BigInt(p36)),
      ),
      outer: l3b.readUInt32BE(i * 4),
    }));
    this.#pad = ecb(derive(key, 0, 16));
  }

  digest(sequence: number, packet: Buffer): Buffer {
    this.#nonce.writeUInt32BE(sequence, 4);
    return this.tag(this.#nonce, packet);
  }

  /** UHASH (RFC 4418 §5). */
  hash(text: Buffer): Buffer {
    const tag = Buffer.allocUnsafe(this.size);
    for (const [i, stream] of this.#streams.entries())
      tag.writeUInt32BE(level3(stream, level12(stream, text)), i * 4);
    return tag;
  }

  /** The tag under a nonce of 8 bytes (§3.3, PDF): UMAC-64 takes the half of a block that the lowest bit names. */
  tag(nonce: Buffer, text: Buffer): Buffer {
    const tag = this.hash(text);
    const block = this.#block;
    nonce.copy(block);
    const half = this.size === 8 ? block[7]! & 1 : 0;
    if (this.size === 8) block[7]! &= 0xfe;
    const pad = this.#pad.update(block);
    for (let i = 0; i < this.size; i++) tag[i]! ^= pad[half * 8 + i]!;
    return tag;
  }
}

function ecb(key: Buffer): Cipher {
  return createCipheriv('aes-128-ecb', key, null).setAutoPadding(false);
}

/** KDF (RFC 4418 §3.2.1). */
function derive(key: Buffer, index: number, size: number): Buffer {
  const blocks = Math.ceil(size / 16);
  const text = Buffer.alloc(blocks * 16);
  for (let i = 0; i < blocks; i++) {
    text[i * 16 + 7] = index;
    text.writeUInt32BE(i + 1, i * 16 + 12);
  }
  return ecb(key).update(text).subarray(0, size);
}

/** L1-HASH and L2-HASH: one number of 64 bits where the text fits a block, else its polynomial hash of 128 bits. */
function level12(stream: Stream, text: Buffer): bigint {
  if (text.length <= blockSize) return nh(stream.nh, text, 0, text.length);
  let y = 1n;
  for (let at = 0; at < text.length; at += blockSize) {
    const m = nh(stream.nh, text, at, Math.min(blockSize, text.length - at));
    // POLY (§5.3.3): values from 2^64 - 2^32 on are marked and moved.
    if (m >= 0xffffffff00000000n) {
      y = (stream.poly * y + (p64 - 1n)) % p64;
      y = (stream.poly * y + (m - 59n)) % p64;
    } else y = (stream.poly * y + m) % p64;
  }
  // Above 2^24 bytes a larger prime would take over (§5.3.2); a packet never gets there.
  return y;
}

let low = 0;
let high = 0;

/** NH (§5.2.2) plus the length in bits, over words read little-endian, the last block padded with zeros to 32 bytes. */
function nh(key: Uint32Array, text: Buffer, at: number, size: number): bigint {
  low = 0;
  high = 0;
  const padded = Math.max(32, Math.ceil(size / 32) * 32);
  for (let group = 0; group < padded; group += 32) {
    const k = group / 4;
    for (let j = 0; j < 4; j++) {
      const a = (word(text, at, size, group + j * 4) + key[k + j]!) >>> 0;
      const b = (word(text, at, size, group + 16 + j * 4) + key[k + j + 4]!) >>> 0;
      accumulate(a, b);
    }
  }
  return BigInt.asUintN(64, (BigInt(high) << 32n) + BigInt(low) + BigInt(size * 8));
}

function word(text: Buffer, at: number, size: number, offset: number): number {
  if (offset + 4 <= size) return text.readUInt32LE(at + offset);
  let value = 0;
  for (let i = 0; i < 4 && offset + i < size; i++) value |= text[at + offset + i]! << (8 * i);
  return value >>> 0;
}

/** Adds the 64-bit product of two 32-bit numbers to `high`:`low`. */
function accumulate(a: number, b: number): void {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const middle = a1 * b0 + a0 * b1;
  const lowest = a0 * b0 + (middle % 0x10000) * 0x10000;
  low += lowest % 0x100000000;
  high += a1 * b1 + Math.floor(middle / 0x10000) + Math.floor(lowest / 0x100000000);
  if (low >= 0x100000000) {
    low -= 0x100000000;
    high++;
  }
  if (high >= 0x100000000) high %= 0x100000000;
}

/** L3-HASH (§5.4) of a number of at most 128 bits. */
function level3(stream: Stream, value: bigint): number {
  let sum = 0;
  let rest = value;
  for (let i = 7; i >= 0 && rest > 0n; i--) {
    sum = (sum + Number(rest & 0xffffn) * stream.inner[i]!) % p36;
    rest >>= 16n;
  }
  return ((sum % 0x100000000) ^ stream.outer) >>> 0;
}
