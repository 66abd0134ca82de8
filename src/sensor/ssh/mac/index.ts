import type { Keys } from '../cipher/cipher.ts';
import { Hmac } from './hmac.ts';
import type { Mac } from './mac.ts';
import { Umac } from './umac.ts';

const makers: Record<string, (etm: boolean, keys: Keys) => Mac> = {
  'umac-64': (etm, keys) => new Umac(8, etm, keys.mac(16)),
  'umac-128': (etm, keys) => new Umac(16, etm, keys.mac(16)),
  'hmac-sha1': (etm, keys) => new Hmac('sha1', 20, etm, keys.mac(20)),
  'hmac-sha2-256': (etm, keys) => new Hmac('sha256', 32, etm, keys.mac(32)),
  'hmac-sha2-512': (etm, keys) => new Hmac('sha512', 64, etm, keys.mac(64)),
};

/** A MAC of one direction, by its name on the wire. */
export function createMac(name: string, keys: Keys): Mac {
  const [plain = ''] = name.split('@');
  const etm = plain.endsWith('-etm');
  const make = makers[etm ? plain.slice(0, -4) : plain];
  if (!make) throw new Error(`there is no MAC ${name}`);
  return make(etm, keys);
}
