import { closeSync, openSync, readSync } from 'node:fs';

const chunkSize = 1 << 20;

/**
 * Hands each line of a file over as bytes in a buffer that is used again: no line becomes a string on the way. Lines
 * longer than the buffer, 1 MiB, are no lines of a table and throw.
 */
export function eachLine(path: string, take: (bytes: Uint8Array, from: number, to: number) => void): void {
  const buffer = Buffer.allocUnsafe(chunkSize);
  const file = openSync(path, 'r');
  try {
    let held = 0;
    for (;;) {
      const read = readSync(file, buffer, held, chunkSize - held, null);
      const end = held + read;
      let from = 0;
      for (let at = buffer.indexOf(10, from); at >= 0 && at < end; at = buffer.indexOf(10, from)) {
        if (at > from) take(buffer, from, at);
        from = at + 1;
      }
      if (read === 0) {
        if (end > from) take(buffer, from, end);
        return;
      }
      buffer.copyWithin(0, from, end);
      held = end - from;
      if (held === chunkSize) throw new RangeError(`a line of ${path} is longer than ${chunkSize} bytes`);
    }
  } finally {
    closeSync(file);
  }
}
