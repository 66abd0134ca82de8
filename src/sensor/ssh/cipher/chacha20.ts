import { createCipheriv } from 'node:crypto';

/** Text longer than this is worth the call into OpenSSL, which costs ten microseconds before its first byte. */
const small = 1_024;
/** "expand 32-byte k" (RFC 8439 §2.3). */
const constants = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574] as const;
const block = new Uint32Array(16);
const nonceBytes = Buffer.alloc(16);

/** A ChaCha20 key as the words that the state is made of. */
export interface ChaChaKey {
  words: Uint32Array;
  bytes: Buffer;
}

export function chachaKey(bytes: Buffer): ChaChaKey {
  return { bytes, words: Uint32Array.from({ length: 8 }, (_, i) => bytes.readUInt32LE(4 * i)) };
}

/**
 * ChaCha20 in its first form: a block counter of 64 bits from 0 and a nonce of 64 bits, here the packet's number
 * (big-endian), as chacha20-poly1305@openssh.com has it. With `keyStream` its first
 * block stands before the result, and the text starts at the second.
 */
export function chacha20(key: ChaChaKey, sequence: number, text: Uint8Array, keyStream = false): Buffer {
  const ahead = keyStream ? 64 : 0;
  if (text.length > small) {
    nonceBytes.writeUInt32BE(sequence, 12);
    const cipher = createCipheriv('chacha20', key.bytes, nonceBytes);
    return keyStream
      ? Buffer.concat([cipher.update(Buffer.alloc(64)), cipher.update(text)])
      : cipher.update(text);
  }
  const out = Buffer.allocUnsafe(ahead + text.length);
  const swapped =
    ((sequence & 0xff) << 24) | ((sequence & 0xff00) << 8) | ((sequence >>> 8) & 0xff00) | (sequence >>> 24);
  for (let at = 0, counter = 0; at < out.length; at += 64, counter++) {
    makeBlock(key.words, counter, swapped);
    const end = Math.min(64, out.length - at);
    for (let i = 0; i < end; i++) {
      const stream = (block[i >> 2]! >>> (8 * (i & 3))) & 255;
      const from = at + i - ahead;
      out[at + i] = from < 0 ? stream : stream ^ text[from]!;
    }
  }
  return out;
}

function makeBlock(k: Uint32Array, counter: number, nonce: number): void {
  const [c0, c1, c2, c3] = constants;
  let x0: number = c0;
  let x1: number = c1;
  let x2: number = c2;
  let x3: number = c3;
  let x4 = k[0]! | 0;
  let x5 = k[1]! | 0;
  let x6 = k[2]! | 0;
  let x7 = k[3]! | 0;
  let x8 = k[4]! | 0;
  let x9 = k[5]! | 0;
  let x10 = k[6]! | 0;
  let x11 = k[7]! | 0;
  let x12 = counter | 0;
  let x13 = 0;
  let x14 = 0;
  let x15 = nonce | 0;
  for (let round = 0; round < 10; round++) {
    x0 = (x0 + x4) | 0;
    x12 ^= x0;
    x12 = (x12 << 16) | (x12 >>> 16);
    x8 = (x8 + x12) | 0;
    x4 ^= x8;
    x4 = (x4 << 12) | (x4 >>> 20);
    x0 = (x0 + x4) | 0;
    x12 ^= x0;
    x12 = (x12 << 8) | (x12 >>> 24);
    x8 = (x8 + x12) | 0;
    x4 ^= x8;
    x4 = (x4 << 7) | (x4 >>> 25);
    x1 = (x1 + x5) | 0;
    x13 ^= x1;
    x13 = (x13 << 16) | (x13 >>> 16);
    x9 = (x9 + x13) | 0;
    x5 ^= x9;
    x5 = (x5 << 12) | (x5 >>> 20);
    x1 = (x1 + x5) | 0;
    x13 ^= x1;
    x13 = (x13 << 8) | (x13 >>> 24);
    x9 = (x9 + x13) | 0;
    x5 ^= x9;
    x5 = (x5 << 7) | (x5 >>> 25);
    x2 = (x2 + x6) | 0;
    x14 ^= x2;
    x14 = (x14 << 16) | (x14 >>> 16);
    x10 = (x10 + x14) | 0;
    x6 ^= x10;
    x6 = (x6 << 12) | (x6 >>> 20);
    x2 = (x2 + x6) | 0;
    x14 ^= x2;
    x14 = (x14 << 8) | (x14 >>> 24);
    x10 = (x10 + x14) | 0;
    x6 ^= x10;
    x6 = (x6 << 7) | (x6 >>> 25);
    x3 = (x3 + x7) | 0;
    x15 ^= x3;
    x15 = (x15 << 16) | (x15 >>> 16);
    x11 = (x11 + x15) | 0;
    x7 ^= x11;
    x7 = (x7 << 12) | (x7 >>> 20);
    x3 = (x3 + x7) | 0;
    x15 ^= x3;
    x15 = (x15 << 8) | (x15 >>> 24);
    x11 = (x11 + x15) | 0;
    x7 ^= x11;
    x7 = (x7 << 7) | (x7 >>> 25);
    x0 = (x0 + x5) | 0;
    x15 ^= x0;
    x15 = (x15 << 16) | (x15 >>> 16);
    x10 = (x10 + x15) | 0;
    x5 ^= x10;
    x5 = (x5 << 12) | (x5 >>> 20);
    x0 = (x0 + x5) | 0;
    x15 ^= x0;
    x15 = (x15 << 8) | (x15 >>> 24);
    x10 = (x10 + x15) | 0;
    x5 ^= x10;
    x5 = (x5 << 7) | (x5 >>> 25);
    x1 = (x1 + x6) | 0;
    x12 ^= x1;
    x12 = (x12 << 16) | (x12 >>> 16);
    x11 = (x11 + x12) | 0;
    x6 ^= x11;
    x6 = (x6 << 12) | (x6 >>> 20);
    x1 = (x1 + x6) | 0;
    x12 ^= x1;
    x12 = (x12 << 8) | (x12 >>> 24);
    x11 = (x11 + x12) | 0;
    x6 ^= x11;
    x6 = (x6 << 7) | (x6 >>> 25);
    x2 = (x2 + x7) | 0;
    x13 ^= x2;
    x13 = (x13 << 16) | (x13 >>> 16);
    x8 = (x8 + x13) | 0;
    x7 ^= x8;
    x7 = (x7 << 12) | (x7 >>> 20);
    x2 = (x2 + x7) | 0;
    x13 ^= x2;
    x13 = (x13 << 8) | (x13 >>> 24);
    x8 = (x8 + x13) | 0;
    x7 ^= x8;
    x7 = (x7 << 7) | (x7 >>> 25);
    x3 = (x3 + x4) | 0;
    x14 ^= x3;
    x14 = (x14 << 16) | (x14 >>> 16);
    x9 = (x9 + x14) | 0;
    x4 ^= x9;
    x4 = (x4 << 12) | (x4 >>> 20);
    x3 = (x3 + x4) | 0;
    x14 ^= x3;
    x14 = (x14 << 8) | (x14 >>> 24);
    x9 = (x9 + x14) | 0;
    x4 ^= x9;
    x4 = (x4 << 7) | (x4 >>> 25);
  }
  block[0] = x0 + c0;
  block[1] = x1 + c1;
  block[2] = x2 + c2;
  block[3] = x3 + c3;
  block[4] = x4 + k[0]!;
  block[5] = x5 + k[1]!;
  block[6] = x6 + k[2]!;
  block[7] = x7 + k[3]!;
  block[8] = x8 + k[4]!;
  block[9] = x9 + k[5]!;
  block[10] = x10 + k[6]!;
  block[11] = x11 + k[7]!;
  block[12] = x12 + counter;
  block[13] = x13;
  block[14] = x14;
  block[15] = x15 + nonce;
}
