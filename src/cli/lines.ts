import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Fault } from '../kit/fault.ts';

/** Bytes of a file that is read whole, after it was unpacked. */
const byteLimit = 1_024 ** 3;

/** Lines of a file that an operator named, `.gz` unpacked, without those that are blank or begin with `#`. */
export function* linesOf(path: string): Generator<string> {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
    if (path.endsWith('.gz')) bytes = gunzipSync(bytes, { maxOutputLength: byteLimit });
  } catch (cause) {
    throw new Fault('usage', `${path} cannot be read: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(10, from);
    const line = bytes.toString('utf8', from, end < 0 ? bytes.length : end).replace(/\r$/, '');
    from = end < 0 ? bytes.length : end + 1;
    if (line.trim() !== '' && !line.startsWith('#')) yield line;
  }
}
