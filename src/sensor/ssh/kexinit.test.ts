import { expect, it } from 'vitest';
import { Malformed } from './data.ts';
import { hassh, hasshServer, kexInit, readKexInit } from './kexinit.ts';
import { productNamed, products } from './products/index.ts';

it('is fingerprinted as the real server was', () => {
  expect(hasshServer(productNamed('openssh-9.2p1-debian12'))).toBe('425d29fe50d8e4f5e37efb6e24bcf660');
  const all = products.map(hasshServer);
  expect(new Set(all).size).toBe(all.length);
  // What npm's ssh2 sends, which names it a decoy.
  expect(all).not.toContain('63dabb423686180ace12ba95725c5f78');
});

it('reads what it writes, and refuses it cut at any byte', () => {
  const product = productNamed('openssh-9.2p1-debian12');
  const payload = kexInit(product, Buffer.alloc(16, 7));
  expect(payload.length + 16).toBe(1_136);
  const { proposal, left } = readKexInit(payload);
  expect(left).toBe(0);
  expect(proposal.kex).toEqual(product.kex);
  expect(hassh(proposal)).toBe(hasshServer(product));
  for (let size = 17; size < payload.length; size++) {
    expect(() => readKexInit(payload.subarray(0, size))).toThrow(Malformed);
  }
});
