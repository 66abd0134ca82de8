import { join } from 'node:path';

/** The largest payload that is kept, in bytes. */
export const payloadLimit = 32 * 1_048_576;

/** Where the payload of a hash lies in a store's folder. */
export function payloadPath(dir: string, sha256: string): string {
  return join(dir, sha256.slice(0, 2), sha256);
}
