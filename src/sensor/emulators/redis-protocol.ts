import type { Wire } from '../emulator.ts';

/** How many words of a command are kept, how many bytes of one and of all; the rest is read and thrown away. */
const kept = { words: 65_536, word: 1_048_576, all: 2_097_152 } as const;
/** What Redis 6.0 itself allows: words in a command, bytes in a word. */
const allowed = { words: 1_048_576, word: 536_870_912 } as const;

export type Input = { args: string[]; inline: boolean } | { error: string };

/** The next command, as RESP or as a plain line (redis.io/docs/reference/protocol-spec). Null once the peer has gone. */
export async function readCommand(wire: Wire): Promise<Input | null> {
  const first = await wire.read();
  if (first === null) return null;
  wire.unread(first);
  const line = await wire.line();
  if (line === null) return null;
  if (first[0] !== 0x2a) {
    const args = splitInline(line);
    return args ? { args, inline: true } : { error: 'Protocol error: unbalanced quotes in request' };
  }
  const count = integer(line.slice(1));
  if (count === null || count > allowed.words) return { error: 'Protocol error: invalid multibulk length' };
  const args: string[] = [];
  let size = 0;
  for (let i = 0; i < count; i++) {
    const head = await wire.line();
    if (head === null) return null;
    if (head[0] !== '$') return { error: `Protocol error: expected '$', got '${head[0] ?? '\\r'}'` };
    const length = integer(head.slice(1));
    if (length === null || length < 0 || length > allowed.word)
      return { error: 'Protocol error: invalid bulk length' };
    const room = args.length < kept.words ? Math.min(kept.word, kept.all - size) : 0;
    const word = await readWord(wire, length, room);
    if (word === null) return null;
    size += word.length;
    if (room > 0 || length === 0) args.push(word);
  }
  return { args: args.slice(0, kept.words), inline: false };
}

async function readWord(wire: Wire, length: number, room: number): Promise<string | null> {
  const pieces: string[] = [];
  let size = 0;
  for (let left = length + 2; left > 0; ) {
    const bytes = await wire.read();
    if (bytes === null) return null;
    const mine = bytes.subarray(0, left);
    if (mine.length < bytes.length) wire.unread(bytes.subarray(mine.length));
    left -= mine.length;
    const text = mine.toString(
      'latin1',
      0,
      Math.max(0, Math.min(mine.length, mine.length - Math.max(0, 2 - left), room - size)),
    );
    size += text.length;
    pieces.push(text);
  }
  return pieces.join('').slice(0, length);
}

function integer(text: string): number | null {
  return /^-?\d{1,15}$/.test(text) ? Number(text) : null;
}

/** Words of a plain line with quotes and escapes; null where quotes do not balance. */
export function splitInline(line: string): string[] | null {
  const words: string[] = [];
  let at = 0;
  while (words.length < 4_096) {
    while (/[\s\0]/.test(line[at] ?? '')) at++;
    if (at >= line.length) return words;
    let word = '';
    let quote = '';
    for (; ; at++) {
      const char = line[at];
      if (quote) {
        if (char === undefined) return null;
        if (char === quote) {
          if (line[at + 1] !== undefined && !/\s/.test(line[at + 1]!)) return null;
          quote = '';
        } else if (char === '\\' && quote === '"') {
          const hex = /^\\x([0-9a-fA-F]{2})/.exec(line.slice(at, at + 4));
          const next = line[++at];
          if (next === undefined) return null;
          if (hex) {
            word += String.fromCharCode(Number.parseInt(hex[1]!, 16));
            at += 2;
          } else word += { n: '\n', r: '\r', t: '\t', b: '\b', a: '\x07' }[next] ?? next;
        } else if (char === '\\' && line[at + 1] === "'") {
          word += "'";
          at++;
        } else word += char;
      } else if (char === undefined || /[\s\0]/.test(char)) break;
      else if (char === '"' || char === "'") quote = char;
      else word += char;
    }
    words.push(word);
  }
  return words;
}

/** Replies of RESP2, and of RESP3 where they differ and the client asked for it. */
export const reply = {
  ok: '+OK\r\n',
  simple: (text: string) => `+${text}\r\n`,
  error: (text: string) => `-${text.replace(/[\r\n]/g, ' ')}\r\n`,
  integer: (value: number) => `:${value}\r\n`,
  bulk: (text: string) => `$${text.length}\r\n${text}\r\n`,
  nil: (resp: number) => (resp === 3 ? '_\r\n' : '$-1\r\n'),
  array: (items: string[]) => `*${items.length}\r\n${items.join('')}`,
  map: (items: string[], resp: number) =>
    resp === 3 ? `%${items.length / 2}\r\n${items.join('')}` : reply.array(items),
};
