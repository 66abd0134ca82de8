import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineCutter, lineLimit } from './lines.ts';

function linesOf(chunks: Buffer[]): { lines: string[]; long: number } {
  const lines: string[] = [];
  let long = 0;
  const cutter = new LineCutter();
  const each = (bytes: Buffer, from: number, to: number) => lines.push(bytes.toString('latin1', from, to));
  for (const chunk of chunks) cutter.cut(chunk, each, () => long++);
  cutter.end(each);
  return { lines, long };
}

test('however the bytes are cut into chunks, the lines are the same', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', '\n', '\r', 'é') }),
      fc.array(fc.nat(20)),
      (text, cuts) => {
        const bytes = Buffer.from(text);
        const chunks: Buffer[] = [];
        let at = 0;
        for (const cut of cuts) {
          chunks.push(bytes.subarray(at, at + cut));
          at += cut;
        }
        chunks.push(bytes.subarray(at));
        expect(linesOf(chunks)).toEqual(linesOf([bytes]));
      },
    ),
  );
  expect(linesOf([Buffer.from('a\r\nb\n\nc')]).lines).toEqual(['a', 'b', '', 'c']);
});

test('an endless line is told once and costs the others nothing', () => {
  const block = Buffer.alloc(300_000, 'x');
  const chunks = [
    Buffer.from('a\n'),
    ...Array<Buffer>(Math.ceil(lineLimit / 300_000) * 3).fill(block),
    Buffer.from('\nb\n'),
  ];
  expect(linesOf(chunks)).toEqual({ lines: ['a', 'b'], long: 1 });
});
