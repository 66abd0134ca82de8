import { isIPv6 } from 'node:net';

/**
 * An IPv4 address as an unsigned 32-bit number, or -1 where the text is none. Octets are decimal without leading
 * zeros (RFC 6943 §3.1.1: other readings of the same text differ between parsers).
 */
export function ipv4Number(text: string): number {
  const { length } = text;
  if (length < 7 || length > 15) return -1;
  let address = 0;
  let octet = -1;
  let dots = 0;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code === 46) {
      if (octet < 0 || ++dots > 3) return -1;
      address = address * 256 + octet;
      octet = -1;
    } else if (code >= 48 && code <= 57) {
      if (octet === 0) return -1;
      octet = (octet < 0 ? 0 : octet * 10) + code - 48;
      if (octet > 255) return -1;
    } else return -1;
  }
  return dots === 3 && octet >= 0 ? address * 256 + octet : -1;
}

/** Writes an address as 16 bytes, IPv4 as ::ffff:a.b.c.d (RFC 4291 §2.5.5.2). False where the text is no address. */
export function writeIp(text: string, into: Uint8Array, at = 0): boolean {
  const v4 = ipv4Number(text);
  if (v4 >= 0) {
    for (let i = at; i < at + 10; i++) into[i] = 0;
    into[at + 10] = 255;
    into[at + 11] = 255;
    into[at + 12] = v4 >>> 24;
    into[at + 13] = v4 >>> 16;
    into[at + 14] = v4 >>> 8;
    into[at + 15] = v4;
    return true;
  }
  if (text.includes('%') || !isIPv6(text)) return false;
  writeIpv6(text, into, at);
  return true;
}

function writeIpv6(text: string, into: Uint8Array, at: number): void {
  const [left = '', right] = text.split('::');
  const head = groups(left);
  const tail = right === undefined ? [] : groups(right);
  const all = [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail];
  for (let i = 0; i < 8; i++) {
    into[at + 2 * i] = all[i]! >>> 8;
    into[at + 2 * i + 1] = all[i]! & 255;
  }
}

function groups(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const v4 = ipv4Number(group);
    return [v4 >>> 16, v4 & 0xffff];
  });
}

/** The text of 16 bytes: dotted for IPv4-mapped addresses, else compressed as RFC 5952 §4 wants it. */
export function readIp(bytes: Uint8Array, at = 0): string {
  let mapped = bytes[at + 10] === 255 && bytes[at + 11] === 255;
  for (let i = 0; mapped && i < 10; i++) mapped = bytes[at + i] === 0;
  if (mapped) return `${bytes[at + 12]}.${bytes[at + 13]}.${bytes[at + 14]}.${bytes[at + 15]}`;
  const words = Array.from({ length: 8 }, (_, i) => (bytes[at + 2 * i]! << 8) | bytes[at + 2 * i + 1]!);
  let from = -1;
  let run = 1;
  for (let i = 0; i < 8; i++) {
    let n = 0;
    while (i + n < 8 && words[i + n] === 0) n++;
    if (n > run) {
      from = i;
      run = n;
    }
    i += n;
  }
  const text = (part: number[]) => part.map((word) => word.toString(16)).join(':');
  return from < 0 ? text(words) : `${text(words.slice(0, from))}::${text(words.slice(from + run))}`;
}

const scratch = new Uint8Array(16);

/** The one spelling of an address that everything inside uses, or null. IPv4-mapped IPv6 becomes IPv4. */
export function canonicalIp(text: string): string | null {
  if (ipv4Number(text) >= 0) return text;
  return writeIp(text, scratch) ? readIp(scratch) : null;
}

export function isIpv4(canonical: string): boolean {
  return !canonical.includes(':');
}

/** A block of addresses: 16 bytes of its first address, and how many of the 128 bits are fixed (IPv4: 96 and more). */
export interface Prefix {
  readonly bytes: Uint8Array;
  readonly bits: number;
}

/** Reads `192.0.2.0/24`, `2001:db8::/32` or a single address. Host bits are cleared. Null where it is neither. */
export function parsePrefix(text: string): Prefix | null {
  const [address = '', length, more] = text.split('/');
  if (more !== undefined) return null;
  const bytes = new Uint8Array(16);
  if (!writeIp(address, bytes)) return null;
  const v4 = !address.includes(':');
  if (length !== undefined && !/^(0|[1-9][0-9]{0,2})$/.test(length)) return null;
  const given = length === undefined ? (v4 ? 32 : 128) : Number(length);
  if (given > (v4 ? 32 : 128)) return null;
  const bits = v4 ? given + 96 : given;
  maskTo(bytes, bits);
  return { bytes, bits };
}

/** The canonical text of a block, with its length also where it is a single address. */
export function prefixText({ bytes, bits }: Prefix): string {
  const address = readIp(bytes);
  return address.includes(':') ? `${address}/${bits}` : `${address}/${bits - 96}`;
}

/** True where 16 bytes stand for an IPv4 address: ::ffff:0:0/96 (RFC 4291 §2.5.5.2). */
export function isMapped(bytes: Uint8Array): boolean {
  for (let i = 0; i < 10; i++) if (bytes[i] !== 0) return false;
  return bytes[10] === 255 && bytes[11] === 255;
}

/** Clears all but the first `bits` bits. */
export function maskTo(bytes: Uint8Array, bits: number): void {
  for (let i = 0; i < 16; i++) {
    const keep = Math.max(0, Math.min(8, bits - 8 * i));
    bytes[i] = bytes[i]! & (0xff00 >> keep) & 255;
  }
}

/** The /64 that an IPv6 address is in, as an address; an IPv4 address itself. What one machine can own. */
export function neighbourhood(canonical: string): string {
  if (isIpv4(canonical)) return canonical;
  const bytes = new Uint8Array(16);
  writeIp(canonical, bytes);
  maskTo(bytes, 64);
  return readIp(bytes);
}
