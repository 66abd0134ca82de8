// Thirteen-bit limbs: every sum of products stays below 2^53, so plain numbers carry the arithmetic.
const limbs = 10;
const limbBits = 13;
const mask = (1 << limbBits) - 1;

/** The 130 bits of 17 little-endian bytes, in limbs. */
function split(bytes: Uint8Array, at: number, size: number, top: number, into: Float64Array): void {
  let value = 0;
  let bits = 0;
  let limb = 0;
  for (let i = 0; i < 17; i++) {
    const byte = i < size ? bytes[at + i]! : i === size ? top : 0;
    value |= byte << bits;
    bits += 8;
    if (bits >= limbBits) {
      if (limb < limbs) into[limb++] = value & mask;
      value >>>= limbBits;
      bits -= limbBits;
    }
  }
  if (limb < limbs) into[limb] = value & mask;
}

const r = new Float64Array(limbs);
const r5 = new Float64Array(limbs);
const h = new Float64Array(limbs);
const m = new Float64Array(limbs);
const d = new Float64Array(limbs);
const clamped = Buffer.alloc(16);

/** Poly1305 (RFC 8439 §2.5) of a message under a one-time key of 32 bytes. */
export function poly1305(key: Uint8Array, text: Uint8Array): Buffer {
  clamped.set(key.subarray(0, 16));
  for (const i of [3, 7, 11, 15]) clamped[i]! &= 15;
  for (const i of [4, 8, 12]) clamped[i]! &= 252;
  split(clamped, 0, 16, 0, r);
  for (let i = 0; i < limbs; i++) r5[i] = 5 * r[i]!;
  h.fill(0);
  for (let at = 0; at < text.length; at += 16) {
    split(text, at, Math.min(16, text.length - at), 1, m);
    for (let i = 0; i < limbs; i++) h[i]! += m[i]!;
    for (let i = 0; i < limbs; i++) {
      let sum = 0;
      // 2^130 = 5 (mod 2^130 - 5): what passes the top comes back five times.
      for (let j = 0; j <= i; j++) sum += h[j]! * r[i - j]!;
      for (let j = i + 1; j < limbs; j++) sum += h[j]! * r5[limbs + i - j]!;
      d[i] = sum;
    }
    carry(d);
    h.set(d);
  }
  return finish(key);
}

function carry(value: Float64Array): void {
  for (let round = 0; round < 2; round++) {
    let over = 0;
    for (let i = 0; i < limbs; i++) {
      const sum = value[i]! + over;
      over = Math.floor(sum / (mask + 1));
      value[i] = sum - over * (mask + 1);
    }
    value[0]! += 5 * over;
  }
}

/** The rest modulo 2^130 - 5, plus the second half of the key, modulo 2^128. */
function finish(key: Uint8Array): Buffer {
  carry(h);
  carry(h);
  // Where adding 5 passes 2^130, the number was not below the prime, and what is left is the rest.
  let over = 5;
  for (let i = 0; i < limbs; i++) {
    over += h[i]!;
    d[i] = over & mask;
    over >>>= limbBits;
  }
  const rest = over > 0 ? d : h;
  const tag = Buffer.allocUnsafe(16);
  let bits = 0;
  let value = 0;
  let limb = 0;
  let sum = 0;
  for (let i = 0; i < 16; i++) {
    if (bits < 8 && limb < limbs) {
      value |= rest[limb++]! << bits;
      bits += limbBits;
    }
    sum += (value & 255) + key[16 + i]!;
    tag[i] = sum & 255;
    sum >>>= 8;
    value >>>= 8;
    bits -= 8;
  }
  return tag;
}
