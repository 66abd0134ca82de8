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
  write(ms, version, bytes, at, made);
  return uuidText(made);
}

const made = new Uint8Array(16);

function write(ms: number, version: number, bytes: Uint8Array, at: number, into: Uint8Array): void {
  const high = Math.floor(ms / 0x1_0000_0000);
  into[0] = high >>> 8;
  into[1] = high;
  into[2] = ms >>> 24;
  into[3] = ms >>> 16;
  into[4] = ms >>> 8;
  into[5] = ms;
  into[6] = version | (bytes[at]! & 15);
  into[7] = bytes[at + 1]!;
  into[8] = 0x80 | (bytes[at + 2]! & 63);
  for (let i = 9; i < 16; i++) into[i] = bytes[at + i - 6]!;
}

/** As `uuidv8`, written as 16 bytes. */
export function writeUuidv8(ms: number, digest: Uint8Array, into: Uint8Array): void {
  write(ms, 0x80, digest, 0, into);
}

const text = Buffer.from('00000000-0000-0000-0000-000000000000');
const digits = Buffer.from('0123456789abcdef');
/** Where the digits of each byte stand (RFC 9562 §4). */
const places = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

/** The text of 16 bytes. */
export function uuidText(bytes: Uint8Array): string {
  for (let i = 0; i < 16; i++) {
    const byte = bytes[i]!;
    text[places[i]!] = digits[byte >>> 4]!;
    text[places[i]! + 1] = digits[byte & 15]!;
  }
  return text.toString('latin1');
}

/** As `uuidv8`, from a digest in hexadecimal: of its first 19 digits all but two bits of the fourth count. */
export function uuidv8FromHex(ms: number, digest: string): string {
  const time = ms.toString(16).padStart(12, '0');
  const variant = '89ab'[digest.charCodeAt(3) & 3];
  return `${time.slice(0, 8)}-${time.slice(8)}-8${digest.slice(0, 3)}-${variant}${digest.slice(4, 7)}-${digest.slice(7, 19)}`;
}

/** The milliseconds that a version 7 or 8 UUID of ours starts with. */
export function uuidTime(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}
