import { type Cutter, type Piece, Reject } from './reader.ts';

/** Types of control frames (Frame Streams, https://farsightsec.github.io/fstrm/). */
export const control = { accept: 1, start: 2, stop: 3, ready: 4, finish: 5 } as const;
const contentTypeField = 1;

const limits = {
  /** A data frame: two DNS messages of 64 KiB, and what is said of them. */
  frame: 256 * 1024,
  /** A control frame, and the content type in it (fstrm's own limits). */
  control: 512,
  contentType: 256,
};

const tooLong = new Reject('the frame is over its limit');
const cutOff = new Reject('the stream ends within a frame');
const wrongStream = new Reject('not a frame stream of this content');

/** How far a stream has come. One that broke the rules is read no further. */
type State = 'ready' | 'start' | 'data' | 'stopped' | 'broken';

export interface FrameTalk {
  /** The control frame that answers the peer. */
  send(frame: Buffer): void;
  /** The peer does not speak the protocol. */
  broken(): void;
}

/**
 * Cuts Frame Streams into data frames. A file is one way: START, frames, STOP, and again START where it was added to. With `talk`
 * it is the reading end of a connection, which has its READY accepted first, and its STOP answered.
 */
export class FrameCutter implements Cutter {
  readonly #contentType: string;
  readonly #talk: FrameTalk | undefined;
  #state: State;
  #rest: Buffer | null = null;
  /** Bytes still to come of a frame over the limit: counted down, never held. */
  #skip = 0;

  constructor(contentType: string, talk?: FrameTalk) {
    this.#contentType = contentType;
    this.#talk = talk;
    this.#state = talk ? 'ready' : 'start';
  }

  cut(chunk: Buffer, each: Piece, refuse: (reason: Reject) => void): void {
    let bytes = chunk;
    if (this.#rest) {
      bytes = Buffer.concat([this.#rest, chunk]);
      this.#rest = null;
    }
    let at = 0;
    while (at < bytes.length && this.#state !== 'broken') {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, bytes.length - at);
        this.#skip -= skipped;
        at += skipped;
        continue;
      }
      const next = this.#frame(bytes, at, each, refuse);
      if (next < 0) {
        this.#rest = Buffer.from(bytes.subarray(at));
        return;
      }
      at = next;
    }
  }

  end(_each: Piece, refuse: (reason: Reject) => void): void {
    if (this.#state !== 'broken' && (this.#rest !== null || this.#skip > 0)) refuse(cutOff);
    this.#rest = null;
  }

  /** Takes one frame and returns where the next begins, or -1 where it is not all there. */
  #frame(bytes: Buffer, at: number, each: Piece, refuse: (reason: Reject) => void): number {
    if (at + 4 > bytes.length) return -1;
    const length = bytes.readUInt32BE(at);
    if (length > 0) {
      if (this.#state !== 'data') return this.#break(refuse);
      if (length > limits.frame) {
        refuse(tooLong);
        this.#skip = length;
        return at + 4;
      }
      if (at + 4 + length > bytes.length) return -1;
      each(bytes, at + 4, at + 4 + length);
      return at + 4 + length;
    }
    if (at + 8 > bytes.length) return -1;
    const size = bytes.readUInt32BE(at + 4);
    if (size < 4 || size > limits.control) return this.#break(refuse);
    if (at + 8 + size > bytes.length) return -1;
    if (!this.#control(bytes.subarray(at + 8, at + 8 + size))) return this.#break(refuse);
    return at + 8 + size;
  }

  /** Takes a control frame; false where it has no place here. */
  #control(frame: Buffer): boolean {
    const type = frame.readUInt32BE(0);
    const types = contentTypes(frame);
    // No content type stands for any.
    if (types === null || (types.length > 0 && !types.includes(this.#contentType))) return false;
    switch (this.#state) {
      case 'ready':
        if (type !== control.ready) return false;
        this.#talk?.send(controlFrame(control.accept, this.#contentType));
        this.#state = 'start';
        return true;
      case 'start':
      case 'stopped':
        if (type !== control.start || (this.#state === 'stopped' && this.#talk)) return false;
        this.#state = 'data';
        return true;
      case 'data':
        if (type !== control.stop) return false;
        this.#talk?.send(controlFrame(control.finish));
        this.#state = 'stopped';
        return true;
      default:
        return false;
    }
  }

  #break(refuse: (reason: Reject) => void): number {
    this.#state = 'broken';
    refuse(wrongStream);
    this.#talk?.broken();
    return Number.POSITIVE_INFINITY;
  }
}

/** A control frame with its escape and length. */
export function controlFrame(type: number, contentType?: string): Buffer {
  const fields = contentType === undefined ? 0 : 8 + contentType.length;
  const frame = Buffer.alloc(12 + fields);
  frame.writeUInt32BE(4 + fields, 4);
  frame.writeUInt32BE(type, 8);
  if (contentType === undefined) return frame;
  frame.writeUInt32BE(contentTypeField, 12);
  frame.writeUInt32BE(contentType.length, 16);
  frame.write(contentType, 20, 'latin1');
  return frame;
}

/** The content types that a control frame names; null where it is none. */
function contentTypes(frame: Buffer): string[] | null {
  const found: string[] = [];
  let at = 4;
  for (; at + 8 <= frame.length; ) {
    const length = frame.readUInt32BE(at + 4);
    if (frame.readUInt32BE(at) !== contentTypeField || length > limits.contentType) return null;
    if (at + 8 + length > frame.length) return null;
    found.push(frame.toString('latin1', at + 8, at + 8 + length));
    at += 8 + length;
  }
  return at === frame.length ? found : null;
}

/** Whether a file begins as a stream of this content does. */
export function beginsFrames(bytes: Buffer, contentType: string): boolean {
  const start = controlFrame(control.start, contentType);
  return bytes.subarray(0, start.length).equals(start);
}
