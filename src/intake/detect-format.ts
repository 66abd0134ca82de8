import type { Reader } from './reader.ts';
import { lineReaders } from './readers/index.ts';

/** Lines that are looked at, and the part of them that must look like a format. */
const lineLimit = 50;
const enough = 0.5;

/** The format that most of the first lines look like, or null where none fits at least half of them. Empty lines do not count. */
export function detectFormat(
  lines: readonly string[],
  among: readonly Reader[] = lineReaders,
): Reader | null {
  const first: string[] = [];
  for (const line of lines) {
    if (line.trim() !== '') first.push(line);
    if (first.length === lineLimit) break;
  }
  let best: Reader | null = null;
  let most = 0;
  for (const reader of among) {
    const score = reader.sniff(first);
    if (score >= enough && score > most) {
      best = reader;
      most = score;
    }
  }
  return best;
}
