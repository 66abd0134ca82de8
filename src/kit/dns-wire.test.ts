import fc from 'fast-check';
import { expect, it } from 'vitest';
import { classText, rcodeText, readName, typeText } from './dns-wire.ts';

const name = (...labels: string[]) =>
  Buffer.concat([...labels.map((label) => Buffer.from([label.length, ...Buffer.from(label)])), Buffer.of(0)]);

it('reads names, and what pointers lead to', () => {
  const bytes = Buffer.concat([name('www', 'example'), Buffer.of(3), Buffer.from('ftp'), Buffer.of(0xc0, 4)]);
  expect(readName(bytes, 0)).toEqual({ labels: ['www', 'example'], end: 13 });
  expect(readName(bytes, 13, true)).toEqual({ labels: ['ftp', 'example'], end: 19 });
  expect(readName(bytes, 13)).toBeNull();
});

it('follows no loop, nothing forward, and nothing out of the message', () => {
  expect(readName(Buffer.of(0xc0, 0), 0, true)).toBeNull();
  expect(readName(Buffer.of(0xc0, 2, 0xc0, 0), 0, true)).toBeNull();
  expect(readName(Buffer.of(1, 97, 0xc0, 0), 2, true)).toBeNull();
  expect(readName(Buffer.of(0xff, 0xff), 0, true)).toBeNull();
  expect(readName(Buffer.of(0xc0), 0, true)).toBeNull();
  expect(readName(Buffer.of(0x40, 0), 0, true)).toBeNull();
});

it('stops at 255 octets, however they are put together', () => {
  const long = (size: number) => name(...Array.from({ length: 3 }, () => 'a'.repeat(63)), 'b'.repeat(size));
  expect(readName(long(61), 0)?.labels.length).toBe(4);
  expect(readName(long(62), 0)).toBeNull();
  // Each pointer goes to a label and a pointer before it: 127 of them would be a name of 255.
  const chain = Buffer.concat([
    Buffer.of(0),
    ...Array.from({ length: 200 }, (_, i) =>
      Buffer.of(1, 97, 0xc0 | (Math.max(0, 4 * i - 3) >> 8), i === 0 ? 0 : (4 * i - 3) & 255),
    ),
  ]);
  expect(readName(chain, 1 + 4 * 100, true)?.labels.length).toBe(101);
  expect(readName(chain, 1 + 4 * 180, true)).toBeNull();
});

it('ends for any bytes, within them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(299), fc.boolean(), (bytes, at, compressed) => {
      const found = readName(Buffer.from(bytes), at, compressed);
      if (found) expect(found.end).toBeLessThanOrEqual(bytes.length);
    }),
  );
});

it('names codes, the unknown ones by their number', () => {
  expect([typeText(65), typeText(65_280), classText(1), classText(9), rcodeText(3), rcodeText(14)]).toEqual([
    'HTTPS',
    'TYPE65280',
    'IN',
    'CLASS9',
    'NXDOMAIN',
    'RCODE14',
  ]);
});
