const number = new Float32Array(1);
const bits = new Uint32Array(number.buffer);

/** A number as IEEE 754 binary16, to the nearest and ties to even; what is too large becomes infinite. */
export function toHalf(value: number): number {
  number[0] = value;
  const all = bits[0]!;
  const sign = (all >>> 16) & 0x8000;
  const rest = all & 0x7fff_ffff;
  if (rest > 0x7f80_0000) return sign | 0x7e00;
  if (rest >= 0x4780_0000) return sign | 0x7c00;
  // Below 2^-14 the step is 2^-24, whatever the exponent.
  if (rest < 0x3880_0000) return sign | rounded(Math.abs(value) * 2 ** 24);
  const wide = rest - 0x3800_0000;
  const low = wide & 0x1fff;
  const half = wide >>> 13;
  return sign | (half + (low > 0x1000 || (low === 0x1000 && (half & 1) === 1) ? 1 : 0));
}

export function fromHalf(half: number): number {
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  const sign = half & 0x8000 ? -1 : 1;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1_024) * 2 ** (exponent - 15);
}

function rounded(value: number): number {
  const floor = Math.floor(value);
  const over = value - floor;
  return floor + (over > 0.5 || (over === 0.5 && (floor & 1) === 1) ? 1 : 0);
}
