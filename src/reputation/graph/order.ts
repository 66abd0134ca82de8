const digitBits = 11;
const digits = 1 << digitBits;

/**
 * Places of the values from the largest to the smallest, equal ones in the order of their places: by counting, digit after digit (11 bits
 * each, the lowest first), in time that grows with their number alone. There must be no NaN among them.
 */
export function orderOf(values: Float32Array): Uint32Array {
  const { length } = values;
  const bits = new Uint32Array(Float32Array.from(values).buffer);
  for (let i = 0; i < length; i++) bits[i] = falling(bits[i]!);
  let order = new Uint32Array(length);
  let other = new Uint32Array(length);
  for (let i = 0; i < length; i++) order[i] = i;
  const next = new Uint32Array(digits + 1);
  for (let shift = 0; shift < 32; shift += digitBits) {
    next.fill(0);
    for (let i = 0; i < length; i++) next[((bits[i]! >>> shift) & (digits - 1)) + 1]!++;
    for (let digit = 0; digit < digits; digit++) next[digit + 1]! += next[digit]!;
    for (let i = 0; i < length; i++) {
      const place = order[i]!;
      other[next[(bits[place]! >>> shift) & (digits - 1)]!++] = place;
    }
    [order, other] = [other, order];
  }
  return order;
}

/** The bits of a float (IEEE 754 binary32) as a number that falls as it rises; -0 counts as 0. */
function falling(bits: number): number {
  if (bits === 0x8000_0000) return 0x7fff_ffff;
  return bits >>> 31 ? bits : ~bits & 0x7fff_ffff;
}
