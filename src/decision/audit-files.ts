import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomic } from '../kit/atomic-file.ts';

/** The three files of an audit in its folder: the records, the sealed head, and the key that seals it. */
export function auditPaths(folder: string): { log: string; head: string; key: string } {
  return {
    log: join(folder, 'audit.jsonl'),
    head: join(folder, 'audit.head'),
    key: join(folder, 'audit.key'),
  };
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
