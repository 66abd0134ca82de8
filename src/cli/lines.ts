import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Fault } from '../kit/fault.ts';

/** Bytes of a file that is read whole, after it was unpacked. */
const byteLimit = 1_024 ** 3;

/** A file that an operator named, unpacked where it is `.gz`. Throws what the system says. */
export function unpacked(path: string): Buffer {
  const bytes = readFileSync(path);
  return path.endsWith('.gz') ? gunzipSync(bytes, { maxOutputLength: byteLimit }) : bytes;
}

/** Lines without those that are blank or begin with `#`. */
export function* linesIn(bytes: Buffer): Generator<string> {
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(10, from);
    const line = bytes.toString('utf8', from, end < 0 ? bytes.length : end).replace(/\r$/, '');
    from = end < 0 ? bytes.length : end + 1;
    if (line.trim() !== '' && !line.startsWith('#')) yield line;
  }
}

/** Lines of a file that an operator named. Throws a `Fault` where it cannot be read. */
export function linesOf(path: string): Generator<string> {
  try {
    return linesIn(unpacked(path));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : cause;
    throw new Fault('usage', `${path} cannot be read: ${why}`, { cause });
  }
}
