import type { Wire } from '../emulator.ts';

/** Postfix's message_size_limit, and how much of a message is kept. */
export const sizeLimit = 10_240_000;
const keptLimit = 1_048_576;
const piece = 65_536;

export interface Transaction {
  sender: string | null;
  recipients: string[];
  /** What came by BDAT so far. */
  chunks: Body;
}

/** A message on its way in: its first bytes, and how many there were. */
export class Body {
  readonly #parts: Buffer[] = [];
  size = 0;
  #held = 0;

  add(bytes: Buffer): void {
    this.size += bytes.length;
    if (this.#held >= keptLimit) return;
    this.#parts.push(bytes.subarray(0, keptLimit - this.#held));
    this.#held += Math.min(bytes.length, keptLimit - this.#held);
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

/** What follows DATA, up to the line with a dot alone (RFC 5321 §4.5.2). Null once the peer has gone; what came is told all the same. */
export async function readData(wire: Wire): Promise<{ body: Body; whole: boolean }> {
  const body = new Body();
  for (;;) {
    const line = await wire.line();
    if (line === null) return { body, whole: false };
    if (line === '.') return { body, whole: true };
    body.add(Buffer.from(`${line.startsWith('.') ? line.slice(1) : line}\r\n`, 'latin1'));
  }
}

/** One chunk of BDAT (RFC 3030). */
export async function readChunk(wire: Wire, size: number, body: Body): Promise<boolean> {
  for (let left = size; left > 0; ) {
    const bytes = await wire.bytes(Math.min(left, piece));
    if (bytes === null) return false;
    body.add(bytes);
    left -= bytes.length;
  }
  return true;
}

/** Keeps a message and tells who it was from and for. */
export function tellMessage(
  wire: Wire,
  { sender, recipients }: Transaction,
  body: Body,
  whole: boolean,
  queueId: string,
): void {
  const bytes = body.bytes;
  const subject =
    /^subject:[ \t]*([^\r\n]*)/im.exec(bytes.toString('latin1', 0, 16_384).split('\r\n\r\n')[0]!)?.[1] ?? '';
  wire.emit({
    kind: 'upload',
    ...wire.keep(bytes),
    name: `${queueId}.eml`,
    detail: {
      from: sender ?? '',
      to: recipients.join(' ').slice(0, 4_096),
      recipients: recipients.length,
      subject: subject.slice(0, 1_024),
      declared: body.size,
      whole: whole && body.size <= keptLimit,
    },
  });
}

/** A short queue id: microseconds, then the file's number (postfix: mail_queue.h). */
export function createQueueId(wire: Wire): string {
  const micro = (wire.now() % 1_000) * 1_000 + Math.floor(wire.random() * 1_000);
  const inode = 0x40_000 + Math.floor(wire.random() * 0x40_000);
  return `${micro.toString(16).padStart(5, '0')}${inode.toString(16)}`.toUpperCase();
}
