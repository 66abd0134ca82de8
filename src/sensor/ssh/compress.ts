import { constants, createDeflate, createInflate, type Deflate, type Inflate } from 'node:zlib';

/** The synchronous step that node's own `inflateSync` is made of: a stream that keeps its window from packet to packet. */
interface Stepping {
  _processChunk(chunk: Buffer, flush: number): Buffer;
  close(): void;
}
// The types of node leave `_processChunk` out; there is no other way to decompress a packet before the next one is read.
const stepping = (stream: Deflate | Inflate) => stream as unknown as Stepping;

/** zlib@openssh.com: one zlib stream a direction, flushed at each packet (RFC 4253 §6.2, delayed until after login). */
export class Compressor {
  readonly #stream = stepping(createDeflate({ level: 6 }));

  step(payload: Buffer): Buffer {
    return this.#stream._processChunk(payload, constants.Z_PARTIAL_FLUSH);
  }

  close(): void {
    this.#stream.close();
  }
}

export class Decompressor {
  readonly #stream: Stepping;

  /** `limit` bounds what one packet may become, in bytes. */
  constructor(limit: number) {
    this.#stream = stepping(createInflate({ maxOutputLength: limit }));
  }

  /** The payload, or null where the stream is broken or the packet would become too large. */
  step(payload: Buffer): Buffer | null {
    try {
      return this.#stream._processChunk(payload, constants.Z_SYNC_FLUSH);
    } catch {
      return null;
    }
  }

  close(): void {
    this.#stream.close();
  }
}
