import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Input, LimitReached } from './input.ts';

const deaf = { taken() {}, returned() {}, hungry() {} };

function fed(...chunks: string[]): Input {
  const input = new Input(deaf);
  for (const chunk of chunks) input.push(Buffer.from(chunk, 'latin1'));
  return input;
}

describe('input', () => {
  it('reads lines that end in CRLF, LF and CR NUL', async () => {
    const input = fed('one\r', '\ntwo\nthree\r\0', '\r\nlast');
    input.end();
    const lines = [];
    for (let line = await input.line(100); line !== null; line = await input.line(100)) lines.push(line);
    expect(lines).toEqual(['one', 'two', 'three', '']);
    expect(input.size).toBe(4);
  });

  it('gives a reader that waits what comes later, and null at the end', async () => {
    const input = fed();
    const waiting = input.bytes(4, 10);
    input.push(Buffer.from('ab'));
    input.push(Buffer.from('cdef'));
    expect(String(await waiting)).toBe('abcd');
    const rest = input.bytes(3, 10);
    input.end();
    expect(await rest).toBeNull();
    expect(String(await input.read())).toBe('ef');
    expect(await input.read()).toBeNull();
  });

  it('refuses lines and runs over their limits', async () => {
    await expect(fed('x'.repeat(103)).line(100)).rejects.toThrow(LimitReached);
    await expect(fed(`${'x'.repeat(101)}\n`).line(100)).rejects.toThrow(LimitReached);
    await expect(fed('').bytes(101, 100)).rejects.toThrow(LimitReached);
  });

  it('reads back what was put back, whatever the cuts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ minLength: 1 })), fc.nat(50), async (chunks, back) => {
        const input = new Input(deaf);
        for (const chunk of chunks) input.push(Buffer.from(chunk));
        input.end();
        const all = Buffer.concat(chunks);
        const first = await input.read();
        if (first) {
          expect(first.equals(all)).toBe(true);
          input.unread(first.subarray(Math.min(back, first.length)));
          const again = await input.read();
          expect(again ?? Buffer.alloc(0)).toEqual(all.subarray(Math.min(back, all.length)));
        }
      }),
    );
  });
});
