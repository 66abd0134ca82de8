/**
 * HalfSipHash-2-4 with 64 bits of result (Aumasson and Bernstein, "SipHash: a fast short-input PRF", INDOCRYPT 2012; the half-width
 * form of its authors' reference implementation): short texts become numbers that nobody can foresee who does not know the key.
 */
export class HalfSipHash {
  readonly #key0: number;
  readonly #key1: number;
  /** The result of the last `of`: its lower and its higher half, unsigned. */
  low = 0;
  high = 0;

  /** `key`: 8 bytes. */
  constructor(key: Uint8Array) {
    if (key.length !== 8) throw new RangeError(`the key of a HalfSipHash has 8 bytes, not ${key.length}`);
    const view = new DataView(key.buffer, key.byteOffset, 8);
    this.#key0 = view.getInt32(0, true);
    this.#key1 = view.getInt32(4, true);
  }

  /** Hashes a text of characters below U+0100, one byte each; sets `low` and `high`. */
  of(text: string): void {
    const { length } = text;
    let v0 = this.#key0;
    let v1 = this.#key1 ^ 0xee;
    let v2 = 0x6c796765 ^ this.#key0;
    let v3 = 0x74656462 ^ this.#key1;
    const whole = length - (length % 4);
    // The last word holds what is left, and the length; then come four rounds for each half of the result.
    for (let at = 0, end = whole + 12; at < end; at += 4) {
      let word = 0;
      let rounds = 2;
      if (at < whole)
        word =
          text.charCodeAt(at) |
          (text.charCodeAt(at + 1) << 8) |
          (text.charCodeAt(at + 2) << 16) |
          (text.charCodeAt(at + 3) << 24);
      else if (at === whole) {
        word = length << 24;
        for (let n = at; n < length; n++) word |= text.charCodeAt(n) << (8 * (n - at));
      } else {
        rounds = 4;
        if (at === whole + 4) v2 ^= 0xee;
        else v1 ^= 0xdd;
      }
      v3 ^= word;
      for (; rounds > 0; rounds--) {
        v0 = (v0 + v1) | 0;
        v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
        v0 = (v0 << 16) | (v0 >>> 16);
        v2 = (v2 + v3) | 0;
        v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
        v0 = (v0 + v3) | 0;
        v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
        v2 = (v2 + v1) | 0;
        v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
        v2 = (v2 << 16) | (v2 >>> 16);
      }
      v0 ^= word;
      if (at === whole + 4) this.low = (v1 ^ v3) >>> 0;
      else if (at === whole + 8) this.high = (v1 ^ v3) >>> 0;
    }
  }
}
