import { type Cipher, createCipheriv, timingSafeEqual } from 'node:crypto';
import type { Mac } from '../mac/mac.ts';
import type { Keys, Opener, Sealer } from './cipher.ts';

/** aes128-ctr, aes192-ctr, aes256-ctr (RFC 4344 §4) with a MAC of its own, before or after encryption. */
export class AesCtr implements Sealer, Opener {
  readonly block = 16;
  readonly lengthApart: boolean;
  readonly headSize: number;
  readonly tagSize: number;
  readonly #cipher: Cipher;
  readonly #mac: Mac;
  #head: Buffer = Buffer.alloc(0);

  constructor(bits: 128 | 192 | 256, mac: Mac, keys: Keys) {
    this.#cipher = createCipheriv(`aes-${bits}-ctr`, keys.key(bits / 8), keys.iv(16));
    this.#mac = mac;
    this.lengthApart = mac.etm;
    this.headSize = mac.etm ? 4 : 16;
    this.tagSize = mac.size;
  }

  length(_sequence: number, head: Buffer): number {
    if (this.#mac.etm) return head.readUInt32BE(0);
    this.#head = this.#cipher.update(head);
    return this.#head.readUInt32BE(0);
  }

  open(sequence: number, wire: Buffer): Buffer | null {
    const end = wire.length - this.tagSize;
    const tag = wire.subarray(end);
    if (this.#mac.etm) {
      if (!timingSafeEqual(this.#mac.digest(sequence, wire.subarray(0, end)), tag)) return null;
      return this.#cipher.update(wire.subarray(4, end));
    }
    const rest = end > 16 ? this.#cipher.update(wire.subarray(16, end)) : Buffer.alloc(0);
    const plain = Buffer.concat([this.#head, rest]);
    return timingSafeEqual(this.#mac.digest(sequence, plain), tag) ? plain.subarray(4) : null;
  }

  seal(sequence: number, packet: Buffer): Buffer {
    if (this.#mac.etm) {
      const sealed = Buffer.concat([packet.subarray(0, 4), this.#cipher.update(packet.subarray(4))]);
      return Buffer.concat([sealed, this.#mac.digest(sequence, sealed)]);
    }
    const tag = this.#mac.digest(sequence, packet);
    return Buffer.concat([this.#cipher.update(packet), tag]);
  }
}
