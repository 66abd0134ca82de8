import { readdirSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Entries of a folder that are looked at for rotated files. */
const entryLimit = 10_000;

/** As a number that JSON keeps: file systems with larger ones are told apart by the rest. */
export const inodeOf = ({ ino }: Stats): number => ino % Number.MAX_SAFE_INTEGER;

/** What a file became when it was rotated and not compressed, oldest first: `log.1`, `log-20250102`, `log.old`. */
export function rotated(path: string): { path: string; inode: number }[] {
  const folder = dirname(path);
  const name = basename(path);
  const found: { path: string; inode: number; changed: number }[] = [];
  let entries: string[];
  try {
    entries = readdirSync(folder).slice(0, entryLimit);
  } catch {
    return [];
  }
  for (const entry of entries) {
    if (!entry.startsWith(name) || !/^[.-](?:\d[\d.T:_-]*|old)$/.test(entry.slice(name.length))) continue;
    const stat = statSync(join(folder, entry), { throwIfNoEntry: false });
    if (stat?.isFile())
      found.push({ path: join(folder, entry), inode: inodeOf(stat), changed: stat.mtimeMs });
  }
  // Of one moment, the higher number is the older.
  return found.sort((a, b) => a.changed - b.changed || numberOf(b.path) - numberOf(a.path));
}

const numberOf = (path: string): number => Number(/\.(\d{1,6})$/.exec(path)?.[1] ?? 0);

/** What comes after the file of this number: the next that was rotated after it, or the one that is written to now. */
export function after(path: string, inode: number): string {
  const older = rotated(path);
  const index = older.findIndex((one) => one.inode === inode);
  return (index < 0 ? undefined : older[index + 1]?.path) ?? path;
}
