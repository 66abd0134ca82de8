import { createCipheriv, timingSafeEqual } from 'node:crypto';
import type { Keys, Opener, Sealer } from './cipher.ts';
import { poly1305 } from './poly1305.ts';

const zeros = Buffer.alloc(64);

/** chacha20-poly1305@openssh.com: two keys, the length encrypted apart (PROTOCOL.chacha20poly1305 of OpenSSH). */
export class ChaCha20Poly1305 implements Sealer, Opener {
  readonly block = 8;
  readonly lengthApart = true;
  readonly headSize = 4;
  readonly tagSize = 16;
  readonly #main: Buffer;
  readonly #head: Buffer;
  readonly #nonce = Buffer.alloc(16);

  constructor(keys: Keys) {
    const key = keys.key(64);
    this.#main = key.subarray(0, 32);
    this.#head = key.subarray(32);
  }

  length(sequence: number, head: Buffer): number {
    return this.#stream(this.#head, sequence, head).readUInt32BE(0);
  }

  open(sequence: number, wire: Buffer): Buffer | null {
    const sealed = wire.subarray(0, wire.length - 16);
    // Block 0 makes the one-time key, the text starts at block 1: one pass gives both.
    const plain = this.#stream(this.#main, sequence, Buffer.concat([zeros, sealed.subarray(4)]));
    const tag = poly1305(plain.subarray(0, 32), sealed);
    return timingSafeEqual(tag, wire.subarray(wire.length - 16)) ? plain.subarray(64) : null;
  }

  seal(sequence: number, packet: Buffer): Buffer {
    const body = this.#stream(this.#main, sequence, Buffer.concat([zeros, packet.subarray(4)]));
    const wire = Buffer.allocUnsafe(packet.length + 16);
    this.#stream(this.#head, sequence, packet.subarray(0, 4)).copy(wire);
    body.copy(wire, 4, 64);
    poly1305(body.subarray(0, 32), wire.subarray(0, packet.length)).copy(wire, packet.length);
    return wire;
  }

  /** The nonce is the sequence number (8 bytes, big-endian) behind a block counter of 8 bytes. */
  #stream(key: Buffer, sequence: number, text: Buffer): Buffer {
    this.#nonce.writeUInt32BE(sequence, 12);
    return createCipheriv('chacha20', key, this.#nonce).update(text);
  }
}
