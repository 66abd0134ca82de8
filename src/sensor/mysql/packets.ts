import { deflateSync, inflateSync } from 'node:zlib';
import type { Wire } from '../emulator.ts';

/** The largest command that is taken, as `max_allowed_packet` says; the pieces in which it is read. */
export const maxPacket = 4_194_304;
const piece = 65_536;

/** Packets of the MySQL client/server protocol, plain or compressed ("MySQL Packets", "Compression"). */
export class Packets {
  readonly #wire: Wire;
  #sequence = 0;
  #compressed = false;
  #sequenceOuter = 0;
  /** What was inflated and not yet read. */
  #plain: Buffer = Buffer.alloc(0);

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  /** One packet's body, null once the peer has gone, 'large' over the limit, 'disorder' for a wrong number. */
  async read(first = true): Promise<Buffer | 'large' | 'disorder' | null> {
    if (first) this.#sequence = 0;
    if (first) this.#sequenceOuter = 0;
    const parts: Buffer[] = [];
    let size = 0;
    for (;;) {
      const head = await this.#take(4);
      if (head === null) return null;
      const length = head.readUIntLE(0, 3);
      if (head[3] !== this.#sequence) return 'disorder';
      this.#sequence = (this.#sequence + 1) & 0xff;
      size += length;
      if (size > maxPacket) return 'large';
      for (let left = length; left > 0; ) {
        const bytes = await this.#take(Math.min(left, piece));
        if (bytes === null) return null;
        parts.push(bytes);
        left -= bytes.length;
      }
      if (length < 0xffffff) return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    }
  }

  /** Sends packets one after the other, numbered on from the last. */
  send(...bodies: Buffer[]): void {
    const parts: Buffer[] = [];
    for (const body of bodies) {
      for (let at = 0; ; at += 0xffffff) {
        const part = body.subarray(at, at + 0xffffff);
        const head = Buffer.alloc(4);
        head.writeUIntLE(part.length, 0, 3);
        head[3] = this.#sequence;
        this.#sequence = (this.#sequence + 1) & 0xff;
        parts.push(head, part);
        if (part.length < 0xffffff) break;
      }
    }
    const bytes = Buffer.concat(parts);
    this.#wire.send(this.#compressed ? this.#wrap(bytes) : bytes);
  }

  compress(): void {
    this.#compressed = true;
  }

  async #take(size: number): Promise<Buffer | null> {
    if (!this.#compressed) return this.#wire.bytes(size);
    while (this.#plain.length < size) {
      const head = await this.#wire.bytes(7);
      if (head === null) return null;
      const packed = await this.#wire.bytes(Math.min(head.readUIntLE(0, 3), piece * 4));
      if (packed === null) return null;
      this.#sequenceOuter = (head[3]! + 1) & 0xff;
      const length = head.readUIntLE(4, 3);
      const plain = length === 0 ? packed : inflate(packed, length);
      if (plain === null || plain.length === 0) return null;
      this.#plain = Buffer.concat([this.#plain, plain]);
    }
    const bytes = this.#plain.subarray(0, size);
    this.#plain = this.#plain.subarray(size);
    return bytes;
  }

  #wrap(bytes: Buffer): Buffer {
    const parts: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += piece * 2) {
      const part = bytes.subarray(at, at + piece * 2);
      // MIN_COMPRESS_LENGTH: shorter ones go out as they are.
      const packed = part.length >= 50 ? deflateSync(part) : part;
      const head = Buffer.alloc(7);
      head.writeUIntLE(packed.length, 0, 3);
      head[3] = this.#sequenceOuter;
      head.writeUIntLE(part.length >= 50 ? part.length : 0, 4, 3);
      this.#sequenceOuter = (this.#sequenceOuter + 1) & 0xff;
      parts.push(head, packed);
    }
    return Buffer.concat(parts);
  }
}

function inflate(packed: Buffer, length: number): Buffer | null {
  try {
    return inflateSync(packed, { maxOutputLength: Math.min(Math.max(length, 1), maxPacket) });
  } catch {
    return null;
  }
}
