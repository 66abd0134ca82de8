import { expect, it } from 'vitest';
import { queueOf } from '../ipp/printer.ts';
import { createPersona } from '../personas.ts';

it('prints to printers of its own network, and not all to the same', () => {
  const many = Array.from({ length: 40 }, (_, i) => createPersona(`${i}`, 'print-server'));
  for (const one of many) expect(queueOf(one).device).toContain(one.address.replace(/\d+$/, ''));
  expect(new Set(many.map((one) => queueOf(one).name)).size).toBeGreaterThan(5);
});
