import { FsError } from '../shell/fs.ts';
import type { Guest } from './guest.ts';

/** What stays visible of a file that the attacker's memory has no room for, in bytes. */
const headSize = 4_096;

/** Keeps what a client brought, tells of it, and puts it among the attacker's files. Throws `FsError` where no file can be there. */
export function deposit(guest: Guest, path: string, content: Buffer, how: string, mode = 0o644): void {
  const fs = guest.files;
  const told = guest.wire.keep(content);
  guest.wire.emit({ kind: 'upload', ...told, name: fs.resolve(path), detail: { how } });
  try {
    fs.write(path, content, { mode });
  } catch (error) {
    if (!(error instanceof FsError) || error.errno !== 'ENOSPC') throw error;
    // The machine has room; only its memory in here has none. The payload is kept whole.
    fs.write(path, content.subarray(0, headSize), { mode });
  }
}
