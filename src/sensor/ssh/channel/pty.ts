import type { Reader } from '../data.ts';

/** A pseudo-terminal as a client asked for it (RFC 4254 §6.2). */
export interface PtyRequest {
  term: string;
  columns: number;
  rows: number;
  /** The terminal modes that a line discipline without a terminal behind it knows (RFC 4254 §8). */
  echo: boolean;
  /** Line feeds go out as CR LF (ONLCR), CR comes in as a line feed (ICRNL). */
  onlcr: boolean;
}

const opcodes = { end: 0, echo: 53, onlcr: 72 };

export function readPty(body: Reader): PtyRequest {
  const term = body.text();
  const pty = { term, columns: body.uint32(), rows: body.uint32(), echo: true, onlcr: true };
  body.uint32();
  body.uint32();
  const modes = body.string();
  for (let at = 0; at + 5 <= modes.length && modes[at] !== opcodes.end; at += 5) {
    const on = modes.readUInt32BE(at + 1) !== 0;
    if (modes[at] === opcodes.echo) pty.echo = on;
    else if (modes[at] === opcodes.onlcr) pty.onlcr = on;
  }
  return pty;
}
