import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from './fault.ts';
import { startOf } from './process.ts';

/** Makes this process the owner of a data directory, or throws the fault `locked`. Call what it returns to let go. */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'lock');
  const mine = `${process.pid} ${startOf(process.pid)}\n`;
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      writeFileSync(path, mine, { flag: 'wx', mode: 0o600 });
      return () => {
        if (read(path) === mine) rmSync(path, { force: true });
      };
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    }
    const holder = read(path);
    if (holder === null) continue;
    const [pid, start] = holder.trim().split(' ');
    // A process id is used again after a restart: the start time tells its bearers apart.
    if (startOf(Number(pid)) === start && start !== '') throw new Fault('locked', `Process ${pid} has it.`);
    takeAway(path, holder);
  }
  throw new Fault('locked', 'Several processes are starting on it at once.');
}

/** Removes a stale lock. Only one of several can rename it, and that one looks whether it was still the stale one. */
function takeAway(path: string, stale: string): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (read(aside) !== stale) renameSync(aside, path);
  else rmSync(aside, { force: true });
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
