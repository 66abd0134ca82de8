import { createMac } from '../mac/index.ts';
import { AesCtr } from './aes-ctr.ts';
import { AesGcm } from './aes-gcm.ts';
import { ChaCha20Poly1305 } from './chacha20-poly1305.ts';
import type { Keys, Opener, Sealer } from './cipher.ts';

export type { Keys, Opener, Sealer } from './cipher.ts';

const makers: Record<string, (mac: string, keys: Keys) => Sealer & Opener> = {
  'chacha20-poly1305@openssh.com': (_, keys) => new ChaCha20Poly1305(keys),
  'aes128-ctr': (mac, keys) => new AesCtr(128, createMac(mac, keys), keys),
  'aes192-ctr': (mac, keys) => new AesCtr(192, createMac(mac, keys), keys),
  'aes256-ctr': (mac, keys) => new AesCtr(256, createMac(mac, keys), keys),
  'aes128-gcm@openssh.com': (_, keys) => new AesGcm(128, keys),
  'aes256-gcm@openssh.com': (_, keys) => new AesGcm(256, keys),
};

/** Whether a cipher brings its own authentication, so that no MAC is negotiated (RFC 5647 §5.1, as OpenSSH does it). */
export function isAead(name: string): boolean {
  return !name.endsWith('-ctr');
}

/** A cipher of one direction with its MAC. */
export function createCipher(name: string, mac: string, keys: Keys): Sealer & Opener {
  const make = makers[name];
  if (!make) throw new Error(`there is no cipher ${name}`);
  return make(mac, keys);
}
