import { curve25519 } from './curve25519.ts';
import { dh } from './dh.ts';
import { ecdh } from './ecdh.ts';
import { groupExchange } from './gex.ts';
import { hybrid } from './hybrid.ts';
import type { Exchange } from './kex.ts';

export type { Agreed, Exchange } from './kex.ts';

const makers: Record<string, () => Exchange> = {
  'sntrup761x25519-sha512': hybrid,
  'sntrup761x25519-sha512@openssh.com': hybrid,
  'curve25519-sha256': curve25519,
  'curve25519-sha256@libssh.org': curve25519,
  'ecdh-sha2-nistp256': () => ecdh('ecdh-sha2-nistp256'),
  'ecdh-sha2-nistp384': () => ecdh('ecdh-sha2-nistp384'),
  'ecdh-sha2-nistp521': () => ecdh('ecdh-sha2-nistp521'),
  'diffie-hellman-group-exchange-sha256': groupExchange,
  'diffie-hellman-group14-sha1': () => dh('diffie-hellman-group14-sha1'),
  'diffie-hellman-group14-sha256': () => dh('diffie-hellman-group14-sha256'),
  'diffie-hellman-group16-sha512': () => dh('diffie-hellman-group16-sha512'),
  'diffie-hellman-group18-sha512': () => dh('diffie-hellman-group18-sha512'),
};

/** Names in a list of methods that are no methods: they tell of abilities. */
export function isMarker(name: string): boolean {
  return !(name in makers);
}

/** A new key exchange by a method's name. */
export function startExchange(name: string): Exchange {
  const make = makers[name];
  if (!make) throw new Error(`there is no key exchange ${name}`);
  return make();
}
