import { gramsOf, tokenOf } from '../learn/grams.ts';
import type { NameParts } from './parts.ts';
import type { Segmenter } from './words.ts';

/** Groups of columns: each adds a sum of its own to the n-gram score, which the trees then weigh. */
export const columnGroups = ['whole', 'owner', 'sub-domains', 'suffix', 'words', 'shape'] as const;

/** Most columns of a name: 253 characters give 1,010 grams as a whole and about four times as many by parts and beside the suffix. */
export const columnLimit = 6_144;

/** What is left free for single tokens, so that none is written past the end. */
const spare = 16;

/** Hashed columns of a name, group by group. One object is used again and again. */
export class NameColumns {
  readonly #bits: number;
  readonly #segmenter: Segmenter;
  readonly columns = new Uint32Array(columnLimit);
  /** Where each group ends. */
  readonly ends = new Uint32Array(columnGroups.length);

  constructor(bits: number, segmenter: Segmenter) {
    this.#bits = bits;
    this.#segmenter = segmenter;
  }

  /** Fills `columns`; answers how many there are. */
  fill(parts: NameParts): number {
    const { name, subEnd, ownerStart, ownerEnd, suffixStart } = parts;
    const bits = this.#bits;
    const out = this.columns;
    const ends = this.ends;
    // The top-level domain, as a salt: letters mean another thing beside another one.
    const top = tokenOf(name, name.lastIndexOf('.') + 1, name.length, 4, 20) + 64;
    let at = gramsOf(name, 0, name.length, 0, { bits, shortest: 2, longest: 5 }, out);
    ends[0] = at;
    at = gramsOf(name, ownerStart, ownerEnd, 2, { bits, shortest: 1, longest: 4 }, out, at);
    at = gramsOf(name, ownerStart, ownerEnd, 2, { bits, shortest: 6, longest: 7 }, out, at);
    at = gramsOf(name, ownerStart, ownerEnd, top, { bits, shortest: 1, longest: 3 }, out, at);
    ends[1] = at;
    if (subEnd > 0) {
      at = gramsOf(name, 0, subEnd, 1, { bits, shortest: 1, longest: 4 }, out, at);
      // Whole sub-domain labels: www, mail, cdn.
      for (let from = 0; from < subEnd; ) {
        const dot = name.indexOf('.', from);
        if (at < columnLimit - spare) out[at++] = tokenOf(name, from, dot, 5, bits);
        from = dot + 1;
      }
    }
    ends[2] = at;
    if (at < columnLimit - spare) {
      out[at++] = tokenOf(name, suffixStart, name.length, 3, bits);
      out[at++] = tokenOf(name, name.lastIndexOf('.') + 1, name.length, 4, bits);
    }
    ends[3] = at;
    at = this.#words(name, ownerStart, ownerEnd, 8, top, at);
    if (subEnd > 0) at = this.#words(name, 0, subEnd, 9, 9, at);
    ends[4] = at;
    const shape = shapeOf(name, ownerStart, ownerEnd);
    at = gramsOf(shape, 0, shape.length, 10, { bits, shortest: 2, longest: 6 }, out, at);
    if (at < columnLimit - spare) {
      const length = String.fromCharCode(64 + shape.length);
      out[at++] = tokenOf(length, 0, 1, 11, bits);
      out[at++] = tokenOf(length, 0, 1, top + 1, bits);
    }
    ends[5] = at;
    return at;
  }

  /** Each word, alone and beside the top-level domain, and how long the words are, one after another. */
  #words(name: string, from: number, to: number, salt: number, top: number, start: number): number {
    const { columns: out } = this;
    const bits = this.#bits;
    const words = this.#segmenter;
    let at = start;
    for (let label = from; label < to; ) {
      const dot = name.indexOf('.', label);
      const end = dot < 0 || dot > to ? to : dot;
      words.read(name, label, end);
      let lengths = '';
      for (let i = 0; i < words.count && at < columnLimit - spare; i++) {
        const [a, b] = [label + words.starts[i]!, label + words.ends[i]!];
        if (b - a >= 3) out[at++] = tokenOf(name, a, b, salt, bits);
        out[at++] = tokenOf(name, a, b, top + 2, bits);
        lengths += String.fromCharCode(96 + b - a);
      }
      if (at < columnLimit - spare) {
        out[at++] = tokenOf(lengths, 0, lengths.length, salt + 4, bits);
        out[at++] = tokenOf(lengths, 0, lengths.length, top + 3, bits);
      }
      label = end + 1;
    }
    return at;
  }
}

/** A label as vowels, consonants, digits and hyphens. */
function shapeOf(name: string, from: number, to: number): string {
  let shape = '';
  for (let i = from; i < to; i++) {
    const code = name.charCodeAt(i);
    if (code >= 0x30 && code <= 0x39) shape += '9';
    else if (
      code === 0x61 ||
      code === 0x65 ||
      code === 0x69 ||
      code === 0x6f ||
      code === 0x75 ||
      code === 0x79
    )
      shape += 'v';
    else shape += code >= 0x61 && code <= 0x7a ? 'c' : '-';
  }
  return shape;
}
