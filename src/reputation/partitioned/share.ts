import { setImmediate as others } from 'node:timers/promises';
import { pass } from '../graph/pass.ts';
import type { Part } from './part.ts';

/** Rows after which others may work: beats go out also while a pass takes long. */
const blockRows = 16_384;

/** A part that a worker has, and how far it came with it. */
export class Share {
  readonly part: Part;
  /** The last pass whose slices were all published; -1 before the first. */
  said = -1;
  readonly #out: Float32Array;

  constructor(part: Part) {
    this.part = part;
    this.#out = new Float32Array(part.end - part.first);
  }

  /**
   * Works out some of its rows for a pass from the whole vector of the pass before; pass 0 is the prior. The result is valid until the
   * next call.
   */
  async rows(
    number: number,
    from: Float32Array,
    eps: number,
    first: number,
    end: number,
  ): Promise<Float32Array> {
    const { layers, prior, scale } = this.part;
    const to = this.#out;
    if (number === 0) for (let i = first; i < end; i++) to[i] = scale[i]! * prior[i]!;
    else
      for (let at = first; at < end; at += blockRows) {
        pass(layers, { prior, scale, from, to }, eps, at, Math.min(end, at + blockRows));
        await others();
      }
    return to.subarray(first, end);
  }

  /** The beliefs of rows of the last pass, as `believe` gives them. */
  beliefs(scaled: Float32Array, first: number): Float32Array {
    const { prior, scale } = this.part;
    return scaled.map((value, i) => (scale[first + i] === 0 ? prior[first + i]! : value / scale[first + i]!));
  }
}
