import { expect, it } from 'vitest';
import { createPersona } from '../personas.ts';

const many = Array.from({ length: 50 }, (_, i) => createPersona(`${i}`, 'kubernetes-node'));

it('names itself in its certificate, which its cluster signed', () => {
  for (const { hostname, address, certificate, daemons } of many) {
    expect(certificate.issuer).toEqual({ name: 'kubernetes' });
    expect(certificate.names).toEqual(expect.arrayContaining([hostname, address, '10.96.0.1']));
    expect(daemons.some(({ command }) => command.includes(`--advertise-address=${address}`))).toBe(true);
  }
});
