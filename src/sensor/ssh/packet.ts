import { randomFillSync } from 'node:crypto';
import type { Wire } from '../emulator.ts';
import type { Opener, Sealer } from './cipher/index.ts';
import { compressor, decompressor, type Stream } from './compress.ts';

/** PACKET_MAX_SIZE of OpenSSH, RECV_MAX_PACKET_LEN of Dropbear. */
const largest = { openssh: 262_144, dropbear: 35_000 };
/** What a compressed packet may become. */
const inflated = 262_144;
const deflated = 1_048_576;
/** What may wait to be sent together. */
const gathered = 65_536;

const pool = Buffer.alloc(4_096);
let poolAt = pool.length;

/** Random bytes for padding, from a pool. */
function padding(size: number): Buffer {
  if (poolAt + size > pool.length) {
    randomFillSync(pool);
    poolAt = 0;
  }
  poolAt += size;
  return pool.subarray(poolAt - size, poolAt);
}

/** A packet whose padding length cannot be; OpenSSH tells. */
export interface BadPadding {
  padding: number;
}

/** The binary packet protocol (RFC 4253 §6), both directions. Before the first keys there is nothing here but two numbers. */
export class Packets {
  readonly #wire: Wire;
  readonly #family: 'openssh' | 'dropbear';
  #sealer: Sealer | null = null;
  #opener: Opener | null = null;
  #deflate: Stream | null = null;
  #inflate: Stream | null = null;
  #sendSequence = 0;
  #receiveSequence = 0;
  #waiting: Buffer[] | null = null;
  #waitingSize = 0;
  #scheduled = false;

  constructor(wire: Wire, family: 'openssh' | 'dropbear') {
    this.#wire = wire;
    this.#family = family;
  }

  /** The sequence number of the packet that was read last. */
  get lastSequence(): number {
    return (this.#receiveSequence - 1) >>> 0;
  }

  /** The next payload, or null where the peer has gone or what it sent is no packet: then there is nothing more to read. */
  async receive(): Promise<Buffer | BadPadding | null> {
    const opener = this.#opener;
    const headSize = opener ? opener.headSize : 8;
    const head = await this.#wire.bytes(headSize);
    if (!head) return null;
    const sequence = this.#receiveSequence;
    const length = opener ? opener.length(sequence, head) : head.readUInt32BE(0);
    if (length < 5 || length > largest[this.#family]) return null;
    if ((length + (opener?.lengthApart ? 0 : 4)) % (opener?.block ?? 8) !== 0) return null;
    const more = 4 + length + (opener?.tagSize ?? 0) - headSize;
    const rest = more > 0 ? await this.#wire.bytes(more) : Buffer.alloc(0);
    if (!rest) return null;
    const whole = Buffer.concat([head, rest]);
    const plain = opener ? opener.open(sequence, whole) : whole.subarray(4);
    if (!plain) return null;
    this.#receiveSequence = (sequence + 1) >>> 0;
    const pad = plain[0]!;
    if (pad < 4 && this.#family === 'openssh') return { padding: pad };
    const end = plain.length - pad;
    if (end <= 1) return null;
    const payload = plain.subarray(1, end);
    return this.#inflate ? this.#inflate.step(payload) : payload;
  }

  send(payload: Buffer): void {
    const body = this.#deflate ? (this.#deflate.step(payload) ?? payload) : payload;
    const sealer = this.#sealer;
    const block = sealer?.block ?? 8;
    let pad = block - ((body.length + (sealer?.lengthApart ? 1 : 5)) % block);
    if (pad < 4) pad += block;
    const packet = Buffer.allocUnsafe(5 + body.length + pad);
    packet.writeUInt32BE(1 + body.length + pad);
    packet[4] = pad;
    body.copy(packet, 5);
    // OpenSSH pads with zeros as long as nothing is encrypted, and so shows itself in the first packet.
    if (sealer || this.#family === 'dropbear') padding(pad).copy(packet, 5 + body.length);
    else packet.fill(0, 5 + body.length);
    this.#write(sealer ? sealer.seal(this.#sendSequence, packet) : packet);
    this.#sendSequence = (this.#sendSequence + 1) >>> 0;
  }

  /** Sends what waits. Packets of one turn leave together. */
  flush(): void {
    const pieces = this.#waiting;
    if (!pieces) return;
    this.#waiting = null;
    this.#waitingSize = 0;
    this.#wire.send(pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces));
  }

  /** Encrypts what is sent from here on. With `reset` the sequence number starts anew (strict key exchange). */
  encrypt(sealer: Sealer, reset: boolean): void {
    this.#sealer = sealer;
    if (reset) this.#sendSequence = 0;
  }

  decrypt(opener: Opener, reset: boolean): void {
    this.#opener = opener;
    if (reset) this.#receiveSequence = 0;
  }

  /** Compresses what is sent from here on, with a stream of its own. */
  compress(on: boolean): void {
    this.#deflate?.close();
    this.#deflate = on ? compressor(deflated) : null;
  }

  decompress(on: boolean): void {
    this.#inflate?.close();
    this.#inflate = on ? decompressor(inflated) : null;
  }

  close(): void {
    this.flush();
    this.compress(false);
    this.decompress(false);
  }

  #write(bytes: Buffer): void {
    this.#waiting ??= [];
    this.#waiting.push(bytes);
    this.#waitingSize += bytes.length;
    if (this.#waitingSize > gathered) this.flush();
    else if (!this.#scheduled) {
      this.#scheduled = true;
      // A write costs more than everything else about a packet: what one turn of the loop says leaves at its end.
      setImmediate(() => {
        this.#scheduled = false;
        this.flush();
      });
    }
  }
}
