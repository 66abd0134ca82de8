import { createHmac } from 'node:crypto';
import { uint32 } from '../data.ts';
import type { Mac } from './mac.ts';

/** hmac-sha1 (RFC 4253 §6.4), hmac-sha2-256 and hmac-sha2-512 (RFC 6668). */
export class Hmac implements Mac {
  readonly size: number;
  readonly etm: boolean;
  readonly #hash: string;
  readonly #key: Buffer;

  constructor(hash: string, size: number, etm: boolean, key: Buffer) {
    this.#hash = hash;
    this.size = size;
    this.etm = etm;
    this.#key = key;
  }

  digest(sequence: number, packet: Buffer): Buffer {
    return createHmac(this.#hash, this.#key).update(uint32(sequence)).update(packet).digest();
  }
}
