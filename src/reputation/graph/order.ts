const digitBits = 11;
const digits = 1 << digitBits;
const rounds = 3;

/**
 * Places of the values from the largest to the smallest, equal ones in the order of their places: by counting, digit after digit (11 bits
 * each, the lowest first), in time that grows with their number alone. There must be no NaN among them.
 */
export function orderOf(values: Float32Array): Uint32Array {
  const { length } = values;
  // What places are sorted by goes along with them, so that all is read in sequence.
  let keys = new Uint32Array(Float32Array.from(values).buffer);
  let otherKeys = new Uint32Array(length);
  let order = new Uint32Array(length);
  let otherOrder = new Uint32Array(length);
  const next = Array.from({ length: rounds }, () => new Uint32Array(digits));
  const [low, middle, high] = next as [Uint32Array, Uint32Array, Uint32Array];
  for (let i = 0; i < length; i++) {
    const key = falling(keys[i]!);
    keys[i] = key;
    order[i] = i;
    low[key & (digits - 1)]!++;
    middle[(key >>> digitBits) & (digits - 1)]!++;
    high[key >>> (2 * digitBits)]!++;
  }
  for (const [round, places] of next.entries()) {
    begin(places);
    const shift = round * digitBits;
    for (let i = 0; i < length; i++) {
      const key = keys[i]!;
      const to = places[(key >>> shift) & (digits - 1)]!++;
      otherKeys[to] = key;
      otherOrder[to] = order[i]!;
    }
    [keys, otherKeys] = [otherKeys, keys];
    [order, otherOrder] = [otherOrder, order];
  }
  return order;
}

/** Counts become the places at which each digit begins. */
function begin(counts: Uint32Array): void {
  let total = 0;
  for (let digit = 0; digit < digits; digit++) {
    const count = counts[digit]!;
    counts[digit] = total;
    total += count;
  }
}

/** The bits of a float (IEEE 754 binary32) as a number that falls as it rises; -0 counts as 0. */
function falling(bits: number): number {
  if (bits === 0x8000_0000) return 0x7fff_ffff;
  return bits >>> 31 ? bits : ~bits & 0x7fff_ffff;
}
