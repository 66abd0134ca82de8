import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readHead } from './audit-chain.ts';
import { auditPaths, readKey, segments } from './audit-files.ts';

/**
 * Copies an audit beside its writer, of the same process: closed segments at leisure, for they do not change, and then, in one
 * go, whatever else there is. The copy verifies by itself.
 */
export async function copyAudit(folder: string, target: string): Promise<void> {
  mkdirSync(target, { recursive: true, mode: 0o700 });
  for (const { path, name } of segments(folder))
    await copyFile(path, join(target, name)).catch((error: NodeJS.ErrnoException) => {
      // Removed by retention meanwhile: the head that is copied below no longer asks for it.
      if (error.code !== 'ENOENT') throw error;
    });
  const from = auditPaths(folder);
  const to = auditPaths(target);
  const key = readKey(from.key);
  const head = key && existsSync(from.head) ? readHead(readFileSync(from.head, 'utf8'), key) : null;
  for (const { path, name } of segments(folder, head?.anchor.seq))
    if (!existsSync(join(target, name))) copyFileSync(path, join(target, name));
  for (const one of ['log', 'head', 'key'] as const)
    if (existsSync(from[one])) copyFileSync(from[one], to[one]);
}
