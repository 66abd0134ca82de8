import { createHash, randomFillSync } from 'node:crypto';
import { Malformed } from '../data.ts';

// Streamlined NTRU Prime 4591^761 (https://ntruprime.cr.yp.to/, "NTRU Prime: round 3", §§3-4; draft-josefsson-ntruprime-streamlined).
const p = 761;
const q = 4_591;
const half = (q - 1) / 2;
/** How many coefficients of a short polynomial are not zero. */
const weight = 286;
/** Values of a rounded coefficient: multiples of 3. */
const rounded = (q + 2) / 3;
export const publicKeySize = 1_158;
export const ciphertextSize = 1_039;

/** Encapsulation: a fresh session key of 32 bytes, and the ciphertext that gives it to the key's owner. */
export function encapsulate(publicKey: Buffer): { ciphertext: Buffer; key: Buffer } {
  if (publicKey.length !== publicKeySize) throw new Malformed('an sntrup761 key has 1158 bytes');
  const h = decode(publicKey, p, q).map((value) => value - half);
  const r = shortRandom();
  const product = multiply(h, r);
  const body = encode(
    Array.from(product, (value) => (round(value) + half) / 3),
    rounded,
  );
  const input = smallBytes(r);
  const confirm = hash(2, hash(3, input), hash(4, publicKey));
  const ciphertext = Buffer.concat([body, confirm]);
  return { ciphertext, key: hash(1, hash(3, input), ciphertext) };
}

/** SHA-512 behind a byte that tells its purpose, cut to 32 bytes. */
function hash(purpose: number, ...parts: Buffer[]): Buffer {
  const digest = createHash('sha512').update(Buffer.from([purpose]));
  for (const part of parts) digest.update(part);
  return digest.digest().subarray(0, 32);
}

/** A polynomial with `weight` coefficients of 1 or -1 at random places: random numbers carry them through a sort. */
function shortRandom(): Int8Array {
  const list = new Uint32Array(p);
  randomFillSync(list);
  for (let i = 0; i < p; i++) list[i] = i < weight ? list[i]! & ~1 : (list[i]! & ~3) | 1;
  list.sort();
  return Int8Array.from(list, (value) => (value & 3) - 1);
}

/** h·r in Z[x]/(x^p - x - 1), each coefficient between -half and half. */
function multiply(h: number[], r: Int8Array): Int32Array {
  const wide = new Int32Array(2 * p);
  for (let i = 0; i < p; i++) {
    const sign = r[i]!;
    if (sign === 1) for (let j = 0; j < p; j++) wide[i + j]! += h[j]!;
    else if (sign === -1) for (let j = 0; j < p; j++) wide[i + j]! -= h[j]!;
  }
  for (let i = 2 * p - 2; i >= p; i--) {
    wide[i - p]! += wide[i]!;
    wide[i - p + 1]! += wide[i]!;
  }
  return wide.subarray(0, p).map((value) => ((((value + half) % q) + q) % q) - half);
}

/** The nearest multiple of 3. */
function round(value: number): number {
  const rest = ((value % 3) + 3) % 3;
  return value - (rest === 2 ? -1 : rest);
}

/** Four coefficients of -1, 0, 1 a byte. */
function smallBytes(r: Int8Array): Buffer {
  const bytes = Buffer.alloc(Math.ceil(p / 4));
  for (let i = 0; i < p; i++) bytes[i >> 2]! |= (r[i]! + 1) << (2 * (i & 3));
  return bytes;
}

/** Numbers below `limit` as bytes: neighbours are joined in pairs, whole bytes leave at the bottom, and so on upwards. */
function encode(values: number[], limit: number): Buffer {
  const bytes: number[] = [];
  let numbers = values;
  let limits: number[] = values.map(() => limit);
  while (numbers.length > 1) {
    const joined: number[] = [];
    const joinedLimits: number[] = [];
    for (let i = 0; i + 1 < numbers.length; i += 2) {
      let number = numbers[i]! + numbers[i + 1]! * limits[i]!;
      let bound = limits[i]! * limits[i + 1]!;
      while (bound >= 16_384) {
        bytes.push(number & 255);
        number = Math.floor(number / 256);
        bound = Math.floor((bound + 255) / 256);
      }
      joined.push(number);
      joinedLimits.push(bound);
    }
    if (numbers.length % 2) {
      joined.push(numbers.at(-1)!);
      joinedLimits.push(limits.at(-1)!);
    }
    numbers = joined;
    limits = joinedLimits;
  }
  let number = numbers[0]!;
  for (let bound = limits[0]!; bound > 1; bound = (bound + 255) >> 8) {
    bytes.push(number & 255);
    number >>= 8;
  }
  return Buffer.from(bytes);
}

/** The way back. Bytes that no numbers give are read as some numbers all the same. */
function decode(bytes: Buffer, count: number, limit: number): number[] {
  let at = 0;
  const read = (limits: number[]): number[] => {
    if (limits.length === 1) {
      let number = 0;
      let shift = 0;
      for (let bound = limits[0]!; bound > 1; bound = (bound + 255) >> 8, shift += 8)
        number += bytes[at++]! << shift;
      return [number % limits[0]!];
    }
    const lows: { size: number; low: number }[] = [];
    const joinedLimits: number[] = [];
    for (let i = 0; i + 1 < limits.length; i += 2) {
      let bound = limits[i]! * limits[i + 1]!;
      let size = 1;
      let low = 0;
      while (bound >= 16_384) {
        low += bytes[at++]! * size;
        size *= 256;
        bound = Math.floor((bound + 255) / 256);
      }
      lows.push({ size, low });
      joinedLimits.push(bound);
    }
    if (limits.length % 2) joinedLimits.push(limits.at(-1)!);
    const joined = read(joinedLimits);
    const numbers: number[] = [];
    for (const [i, { size, low }] of lows.entries()) {
      const number = low + size * joined[i]!;
      numbers.push(number % limits[2 * i]!, Math.floor(number / limits[2 * i]!) % limits[2 * i + 1]!);
    }
    if (limits.length % 2) numbers.push(joined.at(-1)!);
    return numbers;
  };
  return read(new Array<number>(count).fill(limit));
}
