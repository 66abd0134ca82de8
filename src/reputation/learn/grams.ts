/** Shortest and longest n-grams that are hashed, and into how many columns (a power of two). */
export interface GramShape {
  bits: number;
  shortest: number;
  longest: number;
}

/** What the reference figures were taken with: 1- to 4-grams in 2^20 columns. */
export const wholeGrams: GramShape = { bits: 20, shortest: 1, longest: 4 };

/** Bits of a column number that can be asked for: a table of 2^24 floats is 64 MB. */
export const gramBits = { least: 8, most: 24 };

/** Stands before and after each text, so that a gram knows whether it begins or ends one. */
const before = 0x02;
const after = 0x03;

/**
 * The column of each n-gram of `text` from `from` to before `to`, given to `take` one by one. FNV-1a over the characters, begun
 * from `salt` (so that the same letters in another part of a name are another column), and mixed as Murmur3 does at its end:
 * the low bits of FNV alone are poor. `out` receives the columns; answers how many there are, at most `out.length`.
 */
export function gramsOf(
  text: string,
  from: number,
  to: number,
  salt: number,
  { bits, shortest, longest }: GramShape,
  out: Uint32Array,
  at = 0,
): number {
  const shift = 32 - bits;
  const seed = (0x811c9dc5 ^ Math.imul(salt, 0x9e3779b1)) | 0;
  for (let start = from - 1; start <= to; start++) {
    let hash = seed;
    const last = Math.min(to, start + longest - 1);
    for (let i = start; i <= last; i++) {
      const code = i < from ? before : i >= to ? after : text.charCodeAt(i);
      hash = Math.imul(hash ^ code, 0x01000193);
      if (i - start + 1 < shortest) continue;
      if (at >= out.length) return at;
      out[at++] = mixed(hash) >>> shift;
    }
  }
  return at;
}

/** The column of a text as a whole: one token. */
export function tokenOf(text: string, from: number, to: number, salt: number, bits: number): number {
  let hash = (0x811c9dc5 ^ Math.imul(salt, 0x9e3779b1)) | 0;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mixed(hash ^ 0x5bd1e995) >>> (32 - bits);
}

function mixed(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
