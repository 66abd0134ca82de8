/** Characters of a text that are hashed; its length always is. Bounds the work for one event. */
const limit = 256;

/**
 * A 32-bit hash (FNV-1a) by which names are told apart without keeping them. Who makes two names collide only lowers his
 * own count.
 */
export function hash(text: string): number {
  let value = 0x811c9dc5 ^ text.length;
  const end = Math.min(text.length, limit);
  for (let i = 0; i < end; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
