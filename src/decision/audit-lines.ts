import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** A record is a few kilobytes; what is longer was not written by us. */
const maxLine = 1 << 20;

/**
 * The lines of an open file's first `size` bytes in order, read in pieces. `whole` is false for a last one without its newline,
 * and for one over 1 MiB.
 */
export function* linesOf(file: number, size: number): Generator<{ text: string; whole: boolean }> {
  const piece = Buffer.alloc(65_536);
  let rest = Buffer.alloc(0);
  let at = 0;
  while (at < size) {
    const count = readSync(file, piece, 0, Math.min(piece.length, size - at), at);
    if (count === 0) break;
    at += count;
    rest = Buffer.concat([rest, piece.subarray(0, count)]);
    let from = 0;
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10, from)) {
      yield { text: rest.toString('utf8', from, end), whole: true };
      from = end + 1;
    }
    rest = rest.subarray(from);
    if (rest.length > maxLine) break;
  }
  if (rest.length > 0) yield { text: '', whole: false };
}

/** The last whole line, and how many bytes of a torn one stand after it. Null where the file is empty of lines. */
export function lastLine(path: string): { text: string | null; torn: number; size: number } {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const length = Math.min(size, 2 * maxLine);
    const tail = Buffer.alloc(length);
    readSync(file, tail, 0, length, size - length);
    const end = tail.lastIndexOf(10);
    if (end < 0) return { text: null, torn: size, size };
    const start = end === 0 ? 0 : tail.lastIndexOf(10, end - 1) + 1;
    return { text: tail.toString('utf8', start, end), torn: length - end - 1, size };
  } finally {
    closeSync(file);
  }
}

/** The whole lines of the file's last 2 MiB. */
export function tailLines(path: string): string[] {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const length = Math.min(size, 2 * maxLine);
    const tail = Buffer.alloc(length);
    readSync(file, tail, 0, length, size - length);
    const lines = tail.toString('utf8').split('\n').slice(0, -1);
    return length < size ? lines.slice(1) : lines;
  } finally {
    closeSync(file);
  }
}

/** The first whole line, or null. */
export function firstLine(path: string): string | null {
  const file = openSync(path, 'r');
  try {
    const [first] = linesOf(file, fstatSync(file).size);
    return first?.whole ? first.text : null;
  } finally {
    closeSync(file);
  }
}
