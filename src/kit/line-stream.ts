import type { Duplex } from 'node:stream';

/**
 * Calls `onLine` with each line that a stream brings. A line over `limit` characters destroys the stream: whoever sends one
 * does not speak this protocol.
 */
export function onLines(stream: Duplex, limit: number, onLine: (line: string) => void): void {
  stream.setEncoding('utf8');
  let pieces: string[] = [];
  let size = 0;
  stream.on('data', (text: string) => {
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      onLine(pieces.join('') + text.slice(from, end));
      pieces = [];
      size = 0;
      from = end + 1;
    }
    if (from === text.length) return;
    pieces.push(text.slice(from));
    size += text.length - from;
    if (size > limit) stream.destroy(new Error(`a line is longer than ${limit} characters`));
  });
}
