import { createHash } from 'node:crypto';
import type { Body } from '../../model/event.ts';
import { byte, Reader, string, uint32 } from './data.ts';
import { Message } from './message.ts';
import type { Product } from './products/index.ts';

/** The lists of a KEXINIT (RFC 4253 §7.1), each in its sender's order. */
export interface Proposal {
  kex: string[];
  hostKeys: string[];
  ciphersIn: string[];
  ciphersOut: string[];
  macsIn: string[];
  macsOut: string[];
  compressionsIn: string[];
  compressionsOut: string[];
  languagesIn: string[];
  languagesOut: string[];
  /** A guessed first message of the key exchange follows. */
  follows: boolean;
}

const lists = new WeakMap<Product, Buffer>();

/** Our KEXINIT with this cookie. The lists of a product are made once. */
export function kexInit(product: Product, cookie: Uint8Array): Buffer {
  let tail = lists.get(product);
  if (!tail) {
    const { kex, hostKeys, ciphers, macs, compressions } = product;
    const names = [kex, hostKeys, ciphers, ciphers, macs, macs, compressions, compressions, [], []];
    tail = Buffer.concat([...names.map((list) => string(list.join(','))), byte(0), uint32(0)]);
    lists.set(product, tail);
  }
  return Buffer.concat([byte(Message.kexInit), cookie, tail]);
}

/** Reads a client's KEXINIT; throws `Malformed` where it is cut short. */
export function readKexInit(payload: Buffer): { proposal: Proposal; left: number } {
  const reader = new Reader(payload, 17);
  const proposal = {
    kex: reader.names(),
    hostKeys: reader.names(),
    ciphersIn: reader.names(),
    ciphersOut: reader.names(),
    macsIn: reader.names(),
    macsOut: reader.names(),
    compressionsIn: reader.names(),
    compressionsOut: reader.names(),
    languagesIn: reader.names(),
    languagesOut: reader.names(),
    follows: reader.boolean(),
  };
  reader.uint32();
  return { proposal, left: reader.left };
}

/** HASSH: the MD5 of a client's lists as it sent them (https://github.com/salesforce/hassh). */
export function hassh({ kex, ciphersIn, macsIn, compressionsIn }: Proposal): string {
  const text = [kex, ciphersIn, macsIn, compressionsIn].map((list) => list.join(',')).join(';');
  return createHash('md5').update(text, 'latin1').digest('hex');
}

/** HASSHServer: the same of what a server sends. */
export function hasshServer({ kex, ciphers, macs, compressions }: Product): string {
  const text = [kex, ciphers, macs, compressions].map((list) => list.join(',')).join(';');
  return createHash('md5').update(text).digest('hex');
}

/** What is told of a client's methods: its HASSH, and the lists that it is made of. */
export function fingerprintOf(proposal: Proposal, software: string): Body {
  const text = (names: string[]) => names.join(',');
  return {
    kind: 'fingerprint',
    method: 'hassh',
    value: hassh(proposal),
    software,
    detail: {
      kex: text(proposal.kex),
      hostKeys: text(proposal.hostKeys),
      ciphers: text(proposal.ciphersIn),
      macs: text(proposal.macsIn),
      compressions: text(proposal.compressionsIn),
      languages: text(proposal.languagesIn),
    },
  };
}
