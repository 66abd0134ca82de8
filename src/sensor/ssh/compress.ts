import { constants, createDeflate, createInflate, type Deflate, type Inflate } from 'node:zlib';

/**
 * The synchronous step that node's own `inflateSync` is made of. Its types leave it out, and its public functions close the
 * stream after each call, while SSH keeps one stream over all packets and needs a packet's text before the next is read.
 */
interface Internals {
  _handle: {
    writeSync(
      flush: number,
      from: Buffer,
      at: number,
      size: number,
      to: Buffer,
      toAt: number,
      toSize: number,
    ): void;
  } | null;
  /** After a step: output and input that are left. */
  _writeState: Uint32Array;
}

const chunkSize = 16_384;
const chunk = Buffer.alloc(chunkSize);

/** One zlib stream of one direction (RFC 4253 §6.2), flushed at each packet. */
class Stream {
  readonly #stream: Deflate | Inflate;
  readonly #flush: number;
  readonly #limit: number;

  /** `limit` bounds what one packet may become, in bytes. */
  constructor(stream: Deflate | Inflate, flush: number, limit: number) {
    this.#stream = stream.on('error', () => {});
    this.#flush = flush;
    this.#limit = limit;
  }

  /** Null where the stream is broken or the packet would become too large. */
  step(payload: Buffer): Buffer | null {
    const internals = this.#stream as unknown as Internals;
    const pieces: Buffer[] = [];
    let size = 0;
    let at = 0;
    for (;;) {
      if (this.#stream.destroyed || !internals._handle) return null;
      internals._handle.writeSync(this.#flush, payload, at, payload.length - at, chunk, 0, chunkSize);
      if (this.#stream.destroyed) return null;
      const [room = 0, left = 0] = internals._writeState;
      at = payload.length - left;
      size += chunkSize - room;
      if (size > this.#limit) return null;
      pieces.push(Buffer.from(chunk.subarray(0, chunkSize - room)));
      if (room > 0) return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
    }
  }

  close(): void {
    if (!this.#stream.destroyed) this.#stream.destroy();
  }
}

export type { Stream };

/** zlib@openssh.com: starts once the client has logged in. */
export function compressor(limit: number): Stream {
  return new Stream(createDeflate({ level: 6 }), constants.Z_PARTIAL_FLUSH, limit);
}

export function decompressor(limit: number): Stream {
  return new Stream(createInflate(), constants.Z_SYNC_FLUSH, limit);
}
