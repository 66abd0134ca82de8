import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Exchange {
  say: string;
  answer: string;
}

/**
 * What a real server said, as `record.mjs` wrote it: `> ` what was sent to it, `< ` what it answered, one character a byte
 * and escapes as in a string literal; `# ` tells what was recorded. The first exchange is the greeting, where there is one.
 */
export function transcript(path: string): Exchange[] {
  const all: Exchange[] = [];
  for (const line of readFileSync(join(import.meta.dirname, path), 'latin1').split('\n')) {
    if (line.startsWith('> ')) all.push({ say: unescaped(line.slice(2)), answer: '' });
    else if (line.startsWith('< ')) {
      if (all.length === 0) all.push({ say: '', answer: '' });
      all.at(-1)!.answer += unescaped(line.slice(2));
    }
  }
  return all;
}

function unescaped(text: string): string {
  return text.replace(/\\(x([0-9a-f]{2})|.)/g, (_, char: string, hex: string | undefined) => {
    if (hex) return String.fromCharCode(Number.parseInt(hex, 16));
    return { n: '\n', r: '\r', t: '\t' }[char] ?? char;
  });
}
