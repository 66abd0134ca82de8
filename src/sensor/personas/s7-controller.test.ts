import { expect, it } from 'vitest';
import { createPersona } from '../personas.ts';
import { controllerOf } from '../plant/controllers.ts';

it('is one of several controllers, with the firmware that it was sold with', () => {
  const many = Array.from({ length: 40 }, (_, i) => createPersona(`${i}`, 's7-controller'));
  for (const { product } of many)
    expect(controllerOf(product.model)).toMatchObject({ order: product.model, firmware: product.firmware });
  expect(new Set(many.map(({ product }) => product.model)).size).toBeGreaterThan(2);
});
