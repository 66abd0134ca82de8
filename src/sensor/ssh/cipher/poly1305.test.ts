import { createCipheriv, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { poly1305 } from './poly1305.ts';

it('gives the tag of RFC 8439 §2.5.2', () => {
  const key = Buffer.from('85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b', 'hex');
  const text = Buffer.from('Cryptographic Forum Research Group');
  expect(poly1305(key, text).toString('hex')).toBe('a8061dc1305136c6c22b8baf0c0127a9');
});

// RFC 8439 §A.3: numbers at the edge of the prime.
it.each([
  ['02', 'ff'.repeat(16), '03'],
  ['02', `02${'00'.repeat(15)}`, '03', 'ff'.repeat(16)],
  ['01', `${'ff'.repeat(16)}f0${'ff'.repeat(15)}11${'00'.repeat(15)}`, '05'],
  ['01', `${'ff'.repeat(16)}fb${'fe'.repeat(15)}${'01'.repeat(16)}`, '00'],
  ['02', `fd${'ff'.repeat(15)}`, `fa${'ff'.repeat(15)}`],
])('survives the edges: r = %s, text %s', (r, text, tag, s = '00') => {
  const key = Buffer.from(r.padEnd(32, '0') + s.padEnd(32, '0'), 'hex');
  expect(poly1305(key, Buffer.from(text, 'hex')).toString('hex')).toBe(tag.padEnd(32, '0'));
});

it('agrees with OpenSSL on any text', () => {
  for (let size = 0; size < 200; size++) {
    const [key, nonce, text] = [randomBytes(32), randomBytes(12), randomBytes(size)];
    const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 });
    cipher.setAAD(text, { plaintextLength: 0 });
    cipher.final();
    // The construction of RFC 8439 §2.8: the one-time key is the first block, the text is padded and followed by sizes.
    const counter = Buffer.concat([Buffer.alloc(4), nonce]);
    const once = createCipheriv('chacha20', key, counter).update(Buffer.alloc(32));
    const sizes = Buffer.alloc(16);
    sizes.writeUInt32LE(size);
    const padded = Buffer.concat([text, Buffer.alloc((16 - (size % 16)) % 16), sizes]);
    expect(poly1305(once, padded)).toEqual(cipher.getAuthTag());
  }
});
