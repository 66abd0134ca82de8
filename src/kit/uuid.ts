const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Sixteen random bytes at least; handed in, so that a replay is exact. */
export type Random = (size: number) => Uint8Array;

/** UUID version 7 (RFC 9562 §5.7): 48 bits of milliseconds, then 74 random bits. */
export function uuidv7(ms: number, random: Random): string {
  return assemble(ms, 0x70, random(10), 0);
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

/** The milliseconds that a version 7 or 8 UUID of ours starts with. */
export function uuidTime(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}
