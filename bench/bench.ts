import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What every bench prints as its last line. Keys of metrics are fixed, so that figures can be compared over years. */
export interface BenchResult {
  metrics: Record<string, number | null>;
  params: Record<string, unknown>;
  input: { sha256: string; rows_in: number; rows_stored: number; rejected: number } | null;
}

export interface BenchOptions {
  /** A file in place of what the bench would make. */
  input: string | undefined;
  /** Runs longer and larger. */
  full: boolean;
  /** A folder that is removed afterwards. */
  folder: string;
  say(line: string): void;
}

export interface Bench {
  name: string;
  summary: string;
  run(options: BenchOptions): Promise<BenchResult>;
}

export function machine(): Record<string, unknown> {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? '',
    cores: all.length,
    memory_gib: Math.round(totalmem() / 1024 ** 3),
    node: process.version,
  };
}

/** Resident memory of a process in MiB (proc(5), VmRSS), or 0 where it is gone. */
export function rssMb(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** CPU time of a process in seconds (proc(5), fields 14 and 15 of stat, in ticks of 10 ms). */
export function cpuSeconds(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
}

/** The value below which `share` of them lie. */
export function quantile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

export function sha256(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Gives back what memory nobody uses any more. */
export function collect(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
