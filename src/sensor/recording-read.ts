import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { entryHead, kinds, reelName, reelsIn } from './reel.ts';

/** Bytes that went one way, so many milliseconds after the session began. */
export interface Frame {
  way: 'in' | 'out';
  at: number;
  bytes: Buffer;
}

export interface Recorded {
  session: string;
  protocol: string;
  /** Milliseconds since the epoch. */
  startedAt: number;
  frames: Frame[];
  /** How many bytes were said and not recorded. */
  cut: number;
}

/** How far the clock that stamps files may stand behind the one that times sessions. */
const clockSlackMs = 60_000;

/**
 * The recording of a session (16 hexadecimal digits) in a folder of reels; what a crash cut off is left out. Null where its beginning
 * is not there: nothing was said, or it had to leave. Where `since` (milliseconds since the epoch) is told, reels that were closed
 * before it are not read.
 */
export async function readRecording(
  dir: string,
  session: string,
  since = Number.NEGATIVE_INFINITY,
): Promise<Recorded | null> {
  if (!existsSync(dir)) return null;
  const key = Buffer.from(session, 'hex');
  let found: Recorded | null = null;
  for (const number of reelsIn(dir)) {
    const path = join(dir, reelName(number));
    const { mtimeMs } = (await stat(path).catch(() => null)) ?? { mtimeMs: Number.NEGATIVE_INFINITY };
    if (mtimeMs < since - clockSlackMs) continue;
    // A reel may have had to leave since it was listed.
    const reel = await readFile(path).catch(() => Buffer.alloc(0));
    for (const { kind, ms, bytes } of entriesOf(reel, key)) {
      if (kind === kinds.begin) found ??= begun(session, bytes);
      else if (found && kind === kinds.end) return { ...found, cut: bytes.readDoubleLE(0) };
      else if (found && (kind === kinds.in || kind === kinds.out))
        found.frames.push({ way: kind === kinds.in ? 'in' : 'out', at: ms, bytes: Buffer.from(bytes) });
    }
  }
  return found;
}

function* entriesOf(reel: Buffer, session: Buffer) {
  for (let at = 0; at + entryHead <= reel.length; ) {
    const end = at + entryHead + reel.readUInt32LE(at + 13);
    if (end > reel.length) return;
    const kind = reel[at + 8]!;
    const bytes = reel.subarray(at + entryHead, end);
    const whole = kind !== kinds.end || bytes.length === 8;
    if (whole && reel.compare(session, 0, 8, at, at + 8) === 0)
      yield { kind, ms: reel.readUInt32LE(at + 9), bytes };
    at = end;
  }
}

function begun(session: string, bytes: Buffer): Recorded | null {
  try {
    const { protocol, startedAt } = JSON.parse(bytes.toString()) as { protocol: unknown; startedAt: unknown };
    if (typeof protocol !== 'string' || typeof startedAt !== 'number') return null;
    return { session, protocol, startedAt, frames: [], cut: 0 };
  } catch {
    return null;
  }
}
