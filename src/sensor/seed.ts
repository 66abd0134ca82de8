import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomic } from '../kit/atomic-file.ts';

/** What makes this sensor unlike any other: drawn once, kept, and never shown to it but as a digest with its name. */
export function seedOf(folder: string, name: string): string {
  const path = join(folder, 'seed');
  if (!existsSync(path)) writeAtomic(path, randomBytes(32).toString('hex'));
  return createHash('sha256')
    .update(`${readFileSync(path, 'utf8')}\0${name}`)
    .digest('hex');
}
