import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomic } from '../kit/atomic-file.ts';

/** The files of an audit in its folder that are always there: the records, the sealed head, and the key that seals it. */
export function auditPaths(folder: string): { log: string; head: string; key: string } {
  return {
    log: join(folder, 'audit.jsonl'),
    head: join(folder, 'audit.head'),
    key: join(folder, 'audit.key'),
  };
}

/** An older part of the records, closed: named by the number of its first one. */
export interface Segment {
  name: string;
  path: string;
  first: number;
}

const segmentName = /^audit-(\d{12})\.jsonl$/;

/** Where the records from this number on go when the file is full. */
export function segmentPath(folder: string, first: number): string {
  return join(folder, `audit-${String(first).padStart(12, '0')}.jsonl`);
}

/** The closed segments, oldest first; those up to the anchor are on their way out and left out. */
export function segments(folder: string, anchor = 0): Segment[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const first = Number(segmentName.exec(name)?.[1] ?? 0);
      return first > anchor ? [{ name, path: join(folder, name), first }] : [];
    });
}

/** True where this folder has had an audit. */
export function auditExists(folder: string): boolean {
  const { log, head } = auditPaths(folder);
  return existsSync(log) || existsSync(head);
}

/** The key, or null where there is none. */
export function readKey(path: string): Buffer | null {
  try {
    const key = readFileSync(path);
    return key.length === 32 ? key : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

export function makeKey(path: string): Buffer {
  const key = randomBytes(32);
  writeAtomic(path, key);
  return key;
}
