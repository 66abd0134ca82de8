import { maskTo, type Prefix, parsePrefix, prefixText } from './ip.ts';

/**
 * Blocks that no stranger on the Internet speaks from, after the IANA special-purpose registries
 * (https://www.iana.org/assignments/iana-ipv4-special-registry, …/iana-ipv6-special-registry). The documentation blocks of
 * RFC 5737 and RFC 3849 are left out: nothing of ours lives there, so they are like any address.
 */
export const specialBlocks: readonly (readonly [block: string, what: string])[] = [
  ['0.0.0.0/8', 'this network, RFC 791 §3.2'],
  ['10.0.0.0/8', 'private use, RFC 1918'],
  ['100.64.0.0/10', 'shared address space, RFC 6598'],
  ['127.0.0.0/8', 'loopback, RFC 1122 §3.2.1.3'],
  ['169.254.0.0/16', 'link local, RFC 3927'],
  ['172.16.0.0/12', 'private use, RFC 1918'],
  ['192.168.0.0/16', 'private use, RFC 1918'],
  ['224.0.0.0/4', 'multicast, RFC 5771'],
  ['240.0.0.0/4', 'reserved and broadcast, RFC 1112 §4'],
  ['::/128', 'unspecified, RFC 4291'],
  ['::1/128', 'loopback, RFC 4291'],
  ['64:ff9b::/96', 'IPv4 behind a translator: one /64 is all of IPv4, RFC 6052'],
  ['fc00::/7', 'unique local, RFC 4193'],
  ['fe80::/10', 'link local, RFC 4291'],
  ['ff00::/8', 'multicast, RFC 4291'],
];

/** True where the first block holds all of the second. */
export function holds(outer: Prefix, inner: Prefix): boolean {
  if (outer.bits > inner.bits) return false;
  const cut = new Uint8Array(inner.bytes);
  maskTo(cut, outer.bits);
  return cut.every((byte, i) => byte === outer.bytes[i]);
}

/** What is left of a block once a part of it is taken out: at most 128 blocks. */
export function without(block: string, hole: string): string[] {
  const rest = parsePrefix(block);
  const inner = parsePrefix(hole);
  if (!rest || !inner) throw new TypeError('a block of addresses is needed');
  if (holds(inner, rest)) return [];
  if (!holds(rest, inner)) return [prefixText(rest)];
  const left: string[] = [];
  for (let bits = rest.bits; bits < inner.bits; bits++) {
    // The half of the block around the hole that the hole is not in.
    const half = new Uint8Array(inner.bytes);
    maskTo(half, bits + 1);
    half[bits >> 3]! ^= 0x80 >> (bits & 7);
    left.push(prefixText({ bytes: half, bits: bits + 1 }));
  }
  return left;
}
