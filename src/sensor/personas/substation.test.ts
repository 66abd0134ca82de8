import { expect, it } from 'vitest';
import { createPersona } from '../personas.ts';

it('has a process for telecontrol, under a name of the field', () => {
  for (let i = 0; i < 20; i++) {
    const { daemons, hostname, product, web } = createPersona(`${i}`, 'substation');
    expect(daemons.find(({ listens = [] }) => listens.includes('tcp/2404'))?.command).toContain('iec104d');
    expect(hostname).toMatch(/^(ust|sub|rtu|sw)\d\d-/);
    expect(web.title).toBe(`${product.vendor} ${product.model}`);
  }
});
