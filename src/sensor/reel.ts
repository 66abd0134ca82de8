import { readdirSync } from 'node:fs';

/**
 * A reel is a file that the recordings of many sessions share: an entry for each thing that was said, in the order in which it was
 * said. An entry is the session (8 bytes), its kind (1), milliseconds since the session began and the length of what follows (4 and
 * 4, little endian), and the bytes.
 */
export const kinds = { begin: 0, in: 1, out: 2, end: 3 } as const;
export const entryHead = 17;

/** A file of a reel, by its number: the higher, the younger. */
export function reelName(number: number): string {
  return `${number.toString(16).padStart(8, '0')}.reel`;
}

/** Numbers of the reels in a folder, oldest first. */
export function reelsIn(dir: string): number[] {
  return readdirSync(dir)
    .filter((name) => /^[0-9a-f]{8}\.reel$/.test(name))
    .map((name) => Number.parseInt(name, 16))
    .sort((a, b) => a - b);
}

/** Writes an entry into `page` at `at`, where room for it must be; gives where the next one begins. */
export function writeEntry(
  page: Buffer,
  at: number,
  { session, kind, ms }: { session: Uint8Array; kind: number; ms: number },
  bytes: Uint8Array,
): number {
  page.set(session, at);
  page[at + 8] = kind;
  page.writeUInt32LE(Math.min(0xffffffff, Math.max(0, ms)), at + 9);
  page.writeUInt32LE(bytes.length, at + 13);
  page.set(bytes, at + entryHead);
  return at + entryHead + bytes.length;
}
