/** What a recording says of its session. */
export interface RecordedHead {
  session: string;
  protocol: string;
  startedAt: number;
  term: string;
  width: number;
  height: number;
  /** Bytes that were not recorded. */
  cut: number;
}

export interface RecordedFrame {
  way: 'in' | 'out';
  /** Milliseconds since the session began. */
  at: number;
  bytes: Buffer;
}

/**
 * The lines of an asciicast v2 file (https://docs.asciinema.org/manual/asciicast/v2/): what was shown as `o`, what was typed as `i`.
 * Telnet's own commands are no part of the text. A player obeys the escapes in it, as the attacker's terminal did.
 */
export function* asciicast(head: RecordedHead, frames: Iterable<RecordedFrame>): Generator<string> {
  const { width, height, startedAt, term, protocol, session } = head;
  yield safeJson({
    ...{ version: 2, width, height, timestamp: Math.floor(startedAt / 1_000) },
    title: `${protocol} session ${session}`,
    env: { TERM: term || 'xterm' },
  });
  const sides = { in: side(protocol), out: side(protocol) };
  for (const { way, at, bytes } of frames) {
    const text = sides[way](bytes);
    if (text !== '') yield safeJson([at / 1_000, way === 'out' ? 'o' : 'i', text]);
  }
}

/** JSON in ASCII: the file itself can be looked at without harm. */
function safeJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Text of one side: UTF-8 that may be cut anywhere between frames. */
function side(protocol: string): (bytes: Buffer) => string {
  const decoder = new TextDecoder();
  const plain = protocol === 'telnet' ? withoutTelnet() : (bytes: Buffer) => bytes;
  return (bytes) => decoder.decode(plain(bytes), { stream: true });
}

const [se, sb, will, dont, iac] = [240, 250, 251, 254, 255];

/** Leaves out Telnet's commands and what they negotiate (RFC 854, RFC 855), wherever frames cut them. */
function withoutTelnet(): (bytes: Buffer) => Buffer {
  let state: 'text' | 'command' | 'option' | 'within' | 'within-command' = 'text';
  return (bytes) => {
    const text: number[] = [];
    for (const byte of bytes)
      switch (state) {
        case 'text':
          if (byte === iac) state = 'command';
          else text.push(byte);
          break;
        case 'command':
          if (byte === iac) text.push(byte);
          state = byte === sb ? 'within' : byte >= will! && byte <= dont! ? 'option' : 'text';
          break;
        case 'option':
          state = 'text';
          break;
        case 'within':
          if (byte === iac) state = 'within-command';
          break;
        case 'within-command':
          state = byte === se ? 'text' : 'within';
      }
    return Buffer.from(text);
  };
}
