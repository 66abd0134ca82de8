import { expect, it } from 'vitest';
import { createPersona } from '../personas.ts';

const many = Array.from({ length: 50 }, (_, i) => createPersona(`${i}`, 'mail-server'));

it('has its full name in its certificate, and its ports held by Postfix', () => {
  for (const { hostname, domain, certificate, daemons } of many) {
    expect(certificate.names).toEqual([`${hostname}.${domain}`]);
    expect(daemons.find(({ listens }) => listens?.includes('tcp/587'))?.command).toContain('postfix');
  }
});
