import { isAead } from './cipher/index.ts';
import { isMarker } from './kex/index.ts';
import type { Proposal } from './kexinit.ts';
import type { Product } from './products/index.ts';

/** What both sides will use. */
export interface Choice {
  kex: string;
  hostKey: string;
  cipherIn: string;
  cipherOut: string;
  macIn: string;
  macOut: string;
  compressionIn: string;
  compressionOut: string;
  /** The message that the client sent on a guess is to be thrown away. */
  skip: boolean;
}

/** The first name of the client's list that the server has too (RFC 4253 §7.1). */
function first(theirs: readonly string[], ours: readonly string[]): string | undefined {
  return theirs.find((name) => ours.includes(name));
}

/** Agrees on methods; undefined where one of them has no common name. */
export function negotiate(client: Proposal, server: Product): Choice | undefined {
  const kex = first(
    client.kex,
    server.kex.filter((name) => !isMarker(name)),
  );
  const hostKey = first(client.hostKeys, server.hostKeys);
  const cipherIn = first(client.ciphersIn, server.ciphers);
  const cipherOut = first(client.ciphersOut, server.ciphers);
  if (!kex || !hostKey || !cipherIn || !cipherOut) return undefined;
  const macIn = isAead(cipherIn) ? '' : first(client.macsIn, server.macs);
  const macOut = isAead(cipherOut) ? '' : first(client.macsOut, server.macs);
  const compressionIn = first(client.compressionsIn, server.compressions);
  const compressionOut = first(client.compressionsOut, server.compressions);
  if (macIn === undefined || macOut === undefined || !compressionIn || !compressionOut) return undefined;
  // A guess is right where the first names of both lists are the same on both sides.
  const right = client.kex[0] === server.kex[0] && client.hostKeys[0] === server.hostKeys[0];
  return {
    kex,
    hostKey,
    cipherIn,
    cipherOut,
    macIn,
    macOut,
    compressionIn,
    compressionOut,
    skip: client.follows && !right,
  };
}
