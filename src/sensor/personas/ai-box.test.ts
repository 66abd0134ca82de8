import { expect, it } from 'vitest';
import { createPersona } from '../personas.ts';

const many = Array.from({ length: 50 }, (_, i) => createPersona(`${i}`, 'ai-box'));

it('has several processors of one kind, and the memory to feed them', () => {
  for (const { gpus, memoryKb } of many) {
    expect(gpus!.count).toBeGreaterThan(1);
    expect(memoryKb).toBeGreaterThan(100 * 1_048_576);
  }
  expect(new Set(many.map(({ gpus }) => gpus!.model)).size).toBe(3);
});
