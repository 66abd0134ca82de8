/** Array types that grow here. */
type Numbers = Uint8Array | Uint16Array | Uint32Array | Float32Array;
type Kind<T> = new (buffer: ArrayBufferLike, from?: number, length?: number) => T;

/** Room that is kept free in the address space behind an array: it takes no memory before it is used. */
const room = 1 << 30;

/** Memory that can grow in its place, and is shared. */
export function growable(bytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(bytes, { maxByteLength: Math.max(room, bytes * 4) });
}

/**
 * The same numbers in an array twice as long, or as long as needed; zeros behind them. Made in place where there is room: copying what
 * has become large would hold up whoever comes next.
 */
export function grown<T extends Numbers>(old: T, needed: number): T {
  if (needed <= old.length) return old;
  const Numbers = old.constructor as Kind<T>;
  const length = Math.max(needed, old.length * 2);
  const bytes = length * old.BYTES_PER_ELEMENT;
  const { buffer } = old;
  if (
    buffer instanceof SharedArrayBuffer &&
    buffer.growable &&
    bytes <= buffer.maxByteLength &&
    old.byteOffset === 0
  ) {
    if (bytes > buffer.byteLength) buffer.grow(bytes);
    return new Numbers(buffer, 0, length);
  }
  const larger = new Numbers(growable(bytes), 0, length);
  larger.set(old as never);
  return larger;
}
