import { maskTo, type Prefix, parsePrefix, writeIp } from './ip.ts';

/** IPv4 blocks are keyed by a number, which needs no allocation; all others by their bytes as text. */
type Key = number | string;

/**
 * Values by block of addresses; the longest block that holds an address wins. One hash table for each prefix length in
 * use, tried from the longest: exact, and as many look-ups as there are different lengths (129 at most).
 */
export class PrefixMap<V> {
  readonly #tables = new Map<number, Map<Key, V>>();
  #lengths: number[] = [];
  #size = 0;
  readonly #scratch = new Uint8Array(16);

  get size(): number {
    return this.#size;
  }

  /** Adds a block, given as text or parsed. False where the text is no block. */
  set(block: string | Prefix, value: V): boolean {
    const prefix = typeof block === 'string' ? parsePrefix(block) : block;
    if (!prefix) return false;
    let table = this.#tables.get(prefix.bits);
    if (!table) {
      table = new Map();
      this.#tables.set(prefix.bits, table);
      this.#lengths = [...this.#tables.keys()].sort((a, b) => b - a);
    }
    const key = keyOf(prefix.bytes, prefix.bits);
    if (!table.has(key)) this.#size++;
    table.set(key, value);
    return true;
  }

  /** The value of the longest block that holds the address; undefined where none does or the text is no address. */
  get(address: string): V | undefined {
    const bytes = this.#scratch;
    if (!writeIp(address, bytes)) return undefined;
    return this.#longest(bytes, 128);
  }

  /** The first value found of a block that shares any address with this one: around it, equal to it or inside it. */
  overlapping(block: string | Prefix): V | undefined {
    const prefix = typeof block === 'string' ? parsePrefix(block) : block;
    if (!prefix) return undefined;
    const bytes = this.#scratch;
    bytes.set(prefix.bytes);
    const around = this.#longest(bytes, prefix.bits);
    if (around !== undefined) return around;
    for (const [bits, table] of this.#tables) {
      if (bits <= prefix.bits) continue;
      for (const [key, value] of table) {
        const inside = bytesOf(key);
        maskTo(inside, prefix.bits);
        if (inside.every((byte, i) => byte === prefix.bytes[i])) return value;
      }
    }
    return undefined;
  }

  /** The longest block of at most `most` bits around these bytes, which are overwritten. */
  #longest(bytes: Uint8Array, most: number): V | undefined {
    for (const bits of this.#lengths) {
      if (bits > most) continue;
      maskTo(bytes, bits);
      const value = this.#tables.get(bits)!.get(keyOf(bytes, bits));
      if (value !== undefined) return value;
    }
    return undefined;
  }
}

function keyOf(bytes: Uint8Array, bits: number): Key {
  if (bits >= 96 && isMapped(bytes)) {
    return ((bytes[12]! << 24) | (bytes[13]! << 16) | (bytes[14]! << 8) | bytes[15]!) >>> 0;
  }
  return String.fromCharCode(...bytes);
}

function bytesOf(key: Key): Uint8Array {
  if (typeof key === 'string') return Uint8Array.from(key, (char) => char.charCodeAt(0));
  const bytes = new Uint8Array(16);
  bytes.set([255, 255, key >>> 24, (key >>> 16) & 255, (key >>> 8) & 255, key & 255], 10);
  return bytes;
}

/** ::ffff:0:0/96 (RFC 4291 §2.5.5.2). */
function isMapped(bytes: Uint8Array): boolean {
  for (let i = 0; i < 10; i++) if (bytes[i] !== 0) return false;
  return bytes[10] === 255 && bytes[11] === 255;
}
