import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomic } from '../kit/atomic-file.ts';

/** What makes this sensor unlike any other: drawn once, kept, and never shown to it but as a digest with its name. */
export function seedOf(folder: string, name: string): string {
  const path = join(folder, 'seed');
  if (!existsSync(path)) writeAtomic(path, randomBytes(32).toString('hex'));
  return derivedSeed(readFileSync(path, 'utf8'), name);
}

/** The seed of what is one of several. */
export function derivedSeed(seed: string, name: string): string {
  return createHash('sha256').update(`${seed}\0${name}`).digest('hex');
}
