/** Array types that grow here. */
type Numbers = Uint8Array | Uint16Array | Uint32Array | Float32Array;

/** The same numbers in an array twice as long, or as long as needed. */
export function grown<T extends Numbers>(old: T, needed: number): T {
  if (needed <= old.length) return old;
  const Kind = old.constructor as new (length: number) => T;
  const larger = new Kind(Math.max(needed, old.length * 2));
  larger.set(old as never);
  return larger;
}
