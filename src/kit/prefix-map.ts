import { isMapped, maskTo, type Prefix, parsePrefix, writeIp } from './ip.ts';

/** ::ffff:0:0/96, where IPv4 lies within IPv6 (RFC 4291 §2.5.5.2). */
const ipv4Bits = 96;

/**
 * Values by block of addresses; the longest block that holds an address wins. One hash table for each prefix length in
 * use, tried from the longest: exact, and as many look-ups as there are different lengths (129 at most). IPv4 blocks are keyed
 * by a number, which needs no allocation; all others by their bytes as text.
 */
export class PrefixMap<V> {
  readonly #v4 = new Lengths<number, V>();
  readonly #v6 = new Lengths<string, V>();
  readonly #scratch = new Uint8Array(16);
  /** What an IPv6 block around all of IPv4 holds: asked for each IPv4 address that no IPv4 block holds. */
  #aroundIpv4: V | undefined;

  get size(): number {
    return this.#v4.size + this.#v6.size;
  }

  /** Adds a block, given as text or parsed. False where the text is no block. */
  set(block: string | Prefix, value: V): boolean {
    const prefix = typeof block === 'string' ? parsePrefix(block) : block;
    if (!prefix) return false;
    const { bytes, bits } = prefix;
    if (isIpv4(prefix)) this.#v4.set(bits - ipv4Bits, numberOf(bytes), value);
    else {
      this.#v6.set(bits, textOf(bytes), value);
      this.#aroundIpv4 = this.#around6(parsePrefix('0.0.0.0/0')!.bytes, ipv4Bits - 1);
    }
    return true;
  }

  /** The value of the longest block that holds the address; undefined where none does or the text is no address. */
  get(address: string): V | undefined {
    const bytes = this.#scratch;
    if (!writeIp(address, bytes)) return undefined;
    return this.#around(bytes, 128);
  }

  /** The first value found of a block that shares any address with this one: around it, equal to it or inside it. */
  overlapping(block: string | Prefix): V | undefined {
    const prefix = typeof block === 'string' ? parsePrefix(block) : block;
    if (!prefix) return undefined;
    return this.#around(prefix.bytes, prefix.bits) ?? this.#inside(prefix);
  }

  /** The longest block of at most `most` bits around these bytes. */
  #around(bytes: Uint8Array, most: number): V | undefined {
    if (most < ipv4Bits || !isMapped(bytes)) return this.#around6(bytes, most);
    const number = numberOf(bytes);
    for (const [bits, table] of this.#v4.descending) {
      if (bits > most - ipv4Bits) continue;
      const value = table.get(masked(number, bits));
      if (value !== undefined) return value;
    }
    return this.#aroundIpv4;
  }

  #around6(bytes: Uint8Array, most: number): V | undefined {
    const rest = new Uint8Array(bytes);
    for (const [bits, table] of this.#v6.descending) {
      if (bits > most) continue;
      maskTo(rest, bits);
      const value = table.get(textOf(rest));
      if (value !== undefined) return value;
    }
    return undefined;
  }

  #inside(prefix: Prefix): V | undefined {
    const { bytes, bits } = prefix;
    if (isIpv4(prefix)) {
      const number = numberOf(bytes);
      for (const [length, table] of this.#v4.descending) {
        if (length <= bits - ipv4Bits) continue;
        for (const [key, value] of table) if (masked(key, bits - ipv4Bits) === number) return value;
      }
      return undefined;
    }
    if (bits < ipv4Bits && this.#v4.size > 0) {
      const mapped = parsePrefix('0.0.0.0/0')!.bytes;
      maskTo(mapped, bits);
      if (textOf(mapped) === textOf(bytes)) return this.#v4.any();
    }
    for (const [length, table] of this.#v6.descending) {
      if (length <= bits) continue;
      for (const [key, value] of table) {
        const inside = Uint8Array.from(key, (char) => char.charCodeAt(0));
        maskTo(inside, bits);
        if (textOf(inside) === textOf(bytes)) return value;
      }
    }
    return undefined;
  }
}

/** The tables of one family by prefix length. */
class Lengths<Key, V> {
  /** From the longest to the shortest. */
  descending: [bits: number, table: Map<Key, V>][] = [];
  size = 0;

  set(bits: number, key: Key, value: V): void {
    let table = this.descending.find(([length]) => length === bits)?.[1];
    if (!table) {
      table = new Map();
      this.descending.push([bits, table]);
      this.descending.sort(([a], [b]) => b - a);
    }
    if (!table.has(key)) this.size++;
    table.set(key, value);
  }

  any(): V | undefined {
    return this.descending[0]?.[1].values().next().value;
  }
}

function isIpv4({ bytes, bits }: Prefix): boolean {
  return bits >= ipv4Bits && isMapped(bytes);
}

function numberOf(bytes: Uint8Array): number {
  return ((bytes[12]! << 24) | (bytes[13]! << 16) | (bytes[14]! << 8) | bytes[15]!) >>> 0;
}

function masked(number: number, bits: number): number {
  // A shift by 32 would be one by 0.
  return bits === 0 ? 0 : (number & (-1 << (32 - bits))) >>> 0;
}

function textOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
