import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Keys, Opener, Sealer } from './cipher.ts';

/** aes128-gcm@openssh.com and aes256-gcm@openssh.com (RFC 5647 §7; the length is authenticated, not encrypted). */
export class AesGcm implements Sealer, Opener {
  readonly block = 16;
  readonly lengthApart = true;
  readonly headSize = 4;
  readonly tagSize = 16;
  readonly #bits: 128 | 256;
  readonly #key: Buffer;
  readonly #nonce: Buffer;

  constructor(bits: 128 | 256, keys: Keys) {
    this.#bits = bits;
    this.#key = keys.key(bits / 8);
    this.#nonce = Buffer.from(keys.iv(12));
  }

  length(_sequence: number, head: Buffer): number {
    return head.readUInt32BE(0);
  }

  open(_sequence: number, wire: Buffer): Buffer | null {
    const cipher = createDecipheriv(`aes-${this.#bits}-gcm`, this.#key, this.#nonce);
    this.#step();
    cipher.setAAD(wire.subarray(0, 4));
    cipher.setAuthTag(wire.subarray(wire.length - 16));
    const plain = cipher.update(wire.subarray(4, wire.length - 16));
    try {
      cipher.final();
      return plain;
    } catch {
      return null;
    }
  }

  seal(_sequence: number, packet: Buffer): Buffer {
    const cipher = createCipheriv(`aes-${this.#bits}-gcm`, this.#key, this.#nonce);
    this.#step();
    cipher.setAAD(packet.subarray(0, 4));
    const body = cipher.update(packet.subarray(4));
    cipher.final();
    return Buffer.concat([packet.subarray(0, 4), body, cipher.getAuthTag()]);
  }

  /** The invocation counter: the last 8 bytes of the nonce, big-endian (RFC 5647 §7.1). */
  #step(): void {
    this.#nonce.writeBigUInt64BE(BigInt.asUintN(64, this.#nonce.readBigUInt64BE(4) + 1n), 4);
  }
}
