import { expect, it } from 'vitest';
import { createPersona } from '../personas.ts';

it('names itself after its card, as such printers do', () => {
  const many = Array.from({ length: 40 }, (_, i) => createPersona(`${i}`, 'printer'));
  for (const { hostname, mac, product } of many) {
    expect(hostname).toBe(`NPI${mac.replaceAll(':', '').slice(6).toUpperCase()}`);
    expect(product.model).toMatch(/^HP .*LaserJet/);
  }
  expect(new Set(many.map(({ product }) => product.model)).size).toBeGreaterThan(2);
});
