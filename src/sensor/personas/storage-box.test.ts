import { expect, it } from 'vitest';
import { createPersona } from '../personas.ts';

const many = Array.from({ length: 50 }, (_, i) => createPersona(`${i}`, 'storage-box'));

it('is BusyBox with a small SSH server, its certificate made at the factory', () => {
  for (const { system, ssh, certificate, product, hostname } of many) {
    expect([system.id, ssh]).toEqual(['busybox', 'dropbear-2022.83']);
    expect(certificate.subject).toMatchObject({
      organization: product.vendor,
      unit: product.model,
      name: hostname,
    });
  }
});
