import { expect, it } from 'vitest';
import { createPersona } from '../personas.ts';

const many = Array.from({ length: 50 }, (_, i) => createPersona(`${i}`, 'plc'));

it('is a controller of its vendor, with real-time patches', () => {
  for (const { kernel, product, web, system } of many) {
    expect(kernel).toMatchObject({
      release: '5.15.107-rt62',
      version: expect.stringContaining('PREEMPT_RT'),
    });
    expect(web.title).toBe(`${product.vendor} ${product.model}`);
    expect(system.version).toBe(product.firmware);
  }
});
