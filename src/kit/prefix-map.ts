import { maskTo, type Prefix, parsePrefix, writeIp } from './ip.ts';

/**
 * Values by block of addresses; the longest block that holds an address wins. One hash table for each prefix length in
 * use, tried from the longest: exact, and as many look-ups as there are different lengths (129 at most).
 */
export class PrefixMap<V> {
  readonly #tables = new Map<number, Map<string, V>>();
  #lengths: number[] = [];
  #size = 0;

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
    const key = keyOf(prefix.bytes);
    if (!table.has(key)) this.#size++;
    table.set(key, value);
    return true;
  }

  /** The value of the longest block that holds the address; undefined where none does or the text is no address. */
  get(address: string): V | undefined {
    const bytes = new Uint8Array(16);
    if (!writeIp(address, bytes)) return undefined;
    for (const bits of this.#lengths) {
      maskTo(bytes, bits);
      const value = this.#tables.get(bits)!.get(keyOf(bytes));
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** The first value found of a block that shares any address with this one: around it, equal to it or inside it. */
  overlapping(block: string | Prefix): V | undefined {
    const prefix = typeof block === 'string' ? parsePrefix(block) : block;
    if (!prefix) return undefined;
    for (const [bits, table] of this.#tables) {
      const shorter = Math.min(bits, prefix.bits);
      const wanted = new Uint8Array(prefix.bytes);
      maskTo(wanted, shorter);
      const key = keyOf(wanted);
      if (bits <= prefix.bits) {
        const value = table.get(key);
        if (value !== undefined) return value;
        continue;
      }
      for (const [other, value] of table) {
        const bytes = Uint8Array.from(other, (char) => char.charCodeAt(0));
        maskTo(bytes, shorter);
        if (keyOf(bytes) === key) return value;
      }
    }
    return undefined;
  }
}

function keyOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
