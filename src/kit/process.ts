import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * When a process was started, in the kernel's ticks (proc(5), field 22 of stat); empty where there is no such process. With its
 * id it names a process for good: ids are used again.
 */
export function startOf(pid: number): string {
  if (!(pid > 0)) return '';
  const stat = read(`/proc/${pid}/stat`);
  // A zombie has ended: only its parent has not asked yet.
  if (stat !== null) {
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? '' : (fields[19] ?? '');
  }
  if (process.platform === 'linux') return '';
  try {
    process.kill(pid, 0);
    return 'running';
  } catch {
    return '';
  }
}

/** Notes a child in a file, for whoever starts it next time. */
export function notePid(path: string, pid: number | undefined): void {
  if (pid !== undefined) writeFileSync(path, `${pid} ${startOf(pid)}\n`, { mode: 0o600 });
}

/**
 * Waits for the process that was noted in this file to end, and ends it after the limit. A child of a parent that was killed may
 * still be writing what it has: the next one must not open the same files before.
 */
export async function settlePid(path: string, limitMs: number): Promise<void> {
  const [pid, start = ''] = (read(path) ?? '').trim().split(' ');
  const alive = () => start !== '' && startOf(Number(pid)) === start;
  for (let waited = 0; waited < limitMs && alive(); waited += 20) await sleep(20);
  if (alive()) process.kill(Number(pid), 'SIGKILL');
  while (alive()) await sleep(5);
  rmSync(path, { force: true });
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
