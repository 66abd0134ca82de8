import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ranges4, Ranges6 } from './address-ranges.ts';

/** What counts at an address: of the ranges that hold it, the one that ends first; of equal ones any. */
function plain(ranges: [number, number][], address: number): number[] {
  const holding = ranges.filter(([start, end]) => start <= address && address <= end);
  const end = Math.min(...holding.map(([, last]) => last));
  return holding.length === 0
    ? [0]
    : holding.filter(([, last]) => last === end).map((one) => ranges.indexOf(one) + 1);
}

const address = fc.oneof(fc.nat({ max: 0xffff_ffff }), fc.nat({ max: 200 }), fc.constant(0xffff_ffff));
const overlapping = fc
  .array(fc.tuple(address, address), { maxLength: 40 })
  .map((pairs) =>
    pairs.map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]).sort(([a], [b]) => a - b),
  );

describe('ranges', () => {
  it('agree with a plain search, for any ranges of IPv4', () => {
    fc.assert(
      fc.property(overlapping, fc.array(address), (given, asked) => {
        const ranges = new Ranges4();
        given.forEach(([start, end], i) => void ranges.add(start, end, i + 1));
        ranges.seal();
        for (const one of [...asked, ...given.flat(), 0, 0xffff_ffff])
          expect(plain(given, one)).toContain(ranges.get(one));
      }),
    );
  });

  it('agree with a plain search, for any ranges of IPv6', () => {
    fc.assert(
      fc.property(
        overlapping,
        fc.array(address),
        fc.constantFrom(0n, 32n, 64n, 96n),
        (given, asked, shift) => {
          const ranges = new Ranges6();
          given.forEach(([start, end], i) => {
            ranges.add(BigInt(start) << shift, ((BigInt(end) + 1n) << shift) - 1n, i + 1);
          });
          ranges.seal();
          for (const one of [...asked, ...given.flat(), 0, 0xffff_ffff]) {
            const words = [0, 0, 0, 0];
            words[3 - Number(shift / 32n)] = one;
            expect(plain(given, one)).toContain(ranges.get(words[0]!, words[1]!, words[2]!, words[3]!));
          }
        },
      ),
    );
  });

  it('must come in the order of their starts', () => {
    const ranges = new Ranges4();
    ranges.add(5, 9, 1);
    expect(() => ranges.add(4, 12, 1)).toThrow('ascend');
    expect(() => ranges.add(20, 19, 1)).toThrow('ascend');
  });
});
