import { frameHead, ways } from './recording.ts';

/** What a recording says of its session. */
export interface RecordingHead {
  session: string;
  protocol: string;
  startedAt: number;
}

/** Bytes that went one way, so many milliseconds after the session began. */
export interface Frame {
  way: 'in' | 'out';
  at: number;
  bytes: Buffer;
}

/** Reads a recording; what a crash cut off is left out. `cut` tells how many bytes were not recorded. Throws where it is none. */
export function readRecording(file: Buffer): { head: RecordingHead; frames: Frame[]; cut: number } {
  const end = file.indexOf(10);
  if (end < 0) throw new TypeError('a recording begins with a line of JSON');
  const { session, protocol, startedAt } = JSON.parse(file.toString('utf8', 0, end)) as RecordingHead;
  const frames: Frame[] = [];
  let cut = 0;
  for (let at = end + 1; at + frameHead <= file.length; ) {
    const size = file.readUInt32LE(at + 5);
    const from = at + frameHead;
    if (from + size > file.length) break;
    const way = file[at];
    const bytes = file.subarray(from, from + size);
    if (way === ways.cut) cut = size === 8 ? bytes.readDoubleLE(0) : 0;
    else frames.push({ way: way === ways.in ? 'in' : 'out', at: file.readUInt32LE(at + 1), bytes });
    at = from + size;
  }
  return { head: { session, protocol, startedAt }, frames, cut };
}
