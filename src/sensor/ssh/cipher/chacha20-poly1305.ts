import { timingSafeEqual } from 'node:crypto';
import { type ChaChaKey, chacha20, chachaKey } from './chacha20.ts';
import type { Keys, Opener, Sealer } from './cipher.ts';
import { poly1305 } from './poly1305.ts';

/** chacha20-poly1305@openssh.com: two keys, the length encrypted apart (PROTOCOL.chacha20poly1305 of OpenSSH). */
export class ChaCha20Poly1305 implements Sealer, Opener {
  readonly block = 8;
  readonly lengthApart = true;
  readonly headSize = 4;
  readonly tagSize = 16;
  readonly #main: ChaChaKey;
  readonly #head: ChaChaKey;

  constructor(keys: Keys) {
    const key = keys.key(64);
    this.#main = chachaKey(key.subarray(0, 32));
    this.#head = chachaKey(key.subarray(32));
  }

  length(sequence: number, head: Buffer): number {
    return chacha20(this.#head, sequence, head).readUInt32BE(0);
  }

  open(sequence: number, wire: Buffer): Buffer | null {
    const sealed = wire.subarray(0, wire.length - 16);
    // Block 0 makes the one-time key, the text starts at block 1: one pass gives both.
    const plain = chacha20(this.#main, sequence, sealed.subarray(4), true);
    const tag = poly1305(plain.subarray(0, 32), sealed);
    return timingSafeEqual(tag, wire.subarray(wire.length - 16)) ? plain.subarray(64) : null;
  }

  seal(sequence: number, packet: Buffer): Buffer {
    const body = chacha20(this.#main, sequence, packet.subarray(4), true);
    const wire = Buffer.allocUnsafe(packet.length + 16);
    chacha20(this.#head, sequence, packet.subarray(0, 4)).copy(wire);
    body.copy(wire, 4, 64);
    poly1305(body.subarray(0, 32), wire.subarray(0, packet.length)).copy(wire, packet.length);
    return wire;
  }
}
