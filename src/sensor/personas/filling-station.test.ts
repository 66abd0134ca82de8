import { expect, it } from 'vitest';
import { createPersona } from '../personas.ts';

it('heads its reports with a station of its own', () => {
  const many = Array.from({ length: 40 }, (_, i) => createPersona(`${i}`, 'filling-station'));
  for (const { owner } of many) expect(owner).toMatch(/^[A-Z ]+ \d{3}$/);
  expect(new Set(many.map(({ owner }) => owner)).size).toBeGreaterThan(30);
});
