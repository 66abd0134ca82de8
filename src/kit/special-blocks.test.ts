import { expect, it } from 'vitest';
import { parsePrefix } from './ip.ts';
import { holds, specialBlocks, without } from './special-blocks.ts';

it('lists blocks that parse and are their own first address', () => {
  for (const [block] of specialBlocks) expect(parsePrefix(block), block).not.toBeNull();
});

it('takes a hole out of a block', () => {
  expect(without('10.0.0.0/8', '10.128.0.0/9')).toEqual(['10.0.0.0/9']);
  expect(without('192.0.2.0/30', '192.0.2.1/32')).toEqual(['192.0.2.2/31', '192.0.2.0/32']);
  expect(without('10.0.0.0/8', '192.0.2.0/24')).toEqual(['10.0.0.0/8']);
  expect(without('10.1.0.0/16', '10.0.0.0/8')).toEqual([]);
});

it('knows which block holds which', () => {
  const at = (text: string) => parsePrefix(text)!;
  expect(holds(at('10.0.0.0/8'), at('10.1.2.3'))).toBe(true);
  expect(holds(at('10.1.2.3'), at('10.0.0.0/8'))).toBe(false);
  expect(holds(at('::/0'), at('10.0.0.0/8'))).toBe(true);
});
