import { expect, it } from 'vitest';
import { gauss } from './quadrature.ts';

it.each([1, 2, 3, 8, 32])('is exact for polynomials as far as %i points reach', (count) => {
  const { points, weights } = gauss(count);
  for (let degree = 0; degree < 2 * count; degree++) {
    const sum = weights.reduce((all, weight, n) => all + weight * points[n]! ** degree, 0);
    expect(Math.abs(sum - 1 / (degree + 1))).toBeLessThan(1e-13);
  }
  const beyond = weights.reduce((all, weight, n) => all + weight * points[n]! ** (2 * count), 0);
  if (count < 8) expect(Math.abs(beyond - 1 / (2 * count + 1))).toBeGreaterThan(1e-8);
  expect(Math.min(...points)).toBeGreaterThan(0);
  expect(Math.max(...points)).toBeLessThan(1);
});
