const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Sixteen random bytes at least; handed in, so that a replay is exact. */
export type Random = (size: number) => Uint8Array;

/** UUID version 7 (RFC 9562 §5.7): 48 bits of milliseconds, then 74 random bits. */
export function uuidv7(ms: number, random: Random): string {
  return assemble(ms, 0x70, random(10), 0);
}

/**
 * Makes version 7 UUIDs that sort in the order in which they were made, also within a millisecond: the 12 bits after the version
 * count up (RFC 9562 §6.2, method 1), and stay at their end when a millisecond holds more than 4,096.
 */
export function orderedUuidv7(random: Random): (ms: number) => string {
  let last = -1;
  let count = 0;
  return (ms) => {
    count = ms === last ? Math.min(count + 1, 0xfff) : 0;
    last = ms;
    const bytes = random(10);
    bytes[0] = count >>> 8;
    bytes[1] = count & 255;
    return assemble(ms, 0x70, bytes, 0);
  };
}

/**
 * UUID version 8 (RFC 9562 §5.8): 48 bits of event time, then 74 bits of a digest of what the thing is.
 * The same thing always gets the same id, and ids sort by time. `digest` holds at least 10 bytes from `at`.
 */
export function uuidv8(ms: number, digest: Uint8Array, at = 0): string {
  return assemble(ms, 0x80, digest, at);
}

function assemble(ms: number, version: number, bytes: Uint8Array, at: number): string {
  const high = Math.floor(ms / 0x1_0000_0000);
  const low = ms >>> 0;
  return `${hex[(high >>> 8) & 255]}${hex[high & 255]}${hex[low >>> 24]}${hex[(low >>> 16) & 255]}-${
    hex[(low >>> 8) & 255]
  }${hex[low & 255]}-${hex[version | (bytes[at]! & 15)]}${hex[bytes[at + 1]!]}-${hex[0x80 | (bytes[at + 2]! & 63)]}${
    hex[bytes[at + 3]!]
  }-${hex[bytes[at + 4]!]}${hex[bytes[at + 5]!]}${hex[bytes[at + 6]!]}${hex[bytes[at + 7]!]}${hex[bytes[at + 8]!]}${
    hex[bytes[at + 9]!]
  }`;
}

/** As `uuidv8`, from a digest in lower-case hexadecimal (19 digits at least): what hashing gives most cheaply. */
export function uuidv8FromHex(ms: number, digest: string): string {
  const time = ms.toString(16).padStart(12, '0');
  const variant = '89ab'[digest.charCodeAt(3) & 3];
  return `${time.slice(0, 8)}-${time.slice(8)}-8${digest.slice(0, 3)}-${variant}${digest.slice(4, 7)}-${digest.slice(7, 19)}`;
}

/** The milliseconds that a version 7 or 8 UUID of ours starts with. */
export function uuidTime(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}
