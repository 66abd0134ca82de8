import { hash } from 'node:crypto';
import type { Act } from './act.ts';

/** Acts of a session that its sequence is made of. */
const actLimit = 256;

/** What a session's commands and requests come to, names and numbers left out. */
export interface SequenceHash {
  /** The first 16 hexadecimal digits of SHA-256 over the acts' shapes. */
  value: string;
  /** Different shapes in it, and their characters: what is short says little of who it is. */
  distinct: number;
  chars: number;
}

/** The sequence of a session, or none where it did nothing. */
export function sequenceOf(acts: readonly Act[]): SequenceHash | undefined {
  let text = '';
  const shapes = new Set<string>();
  let count = 0;
  for (const { event, deed } of acts) {
    if (event.kind !== 'command' && event.kind !== 'request') continue;
    if (++count > actLimit) break;
    text += `${deed.shape}\n`;
    shapes.add(deed.shape);
  }
  if (count === 0) return undefined;
  return { value: hash('sha256', text).slice(0, 16), distinct: shapes.size, chars: text.length };
}
