import { expect, it } from 'vitest';
import { createPersona } from '../personas.ts';

const many = Array.from({ length: 50 }, (_, i) => createPersona(`${i}`, 'ubuntu22-web'));

it('has what Ubuntu 22.04 packages', () => {
  for (const { web, ssh, system, services } of many) {
    expect([web.server, ssh, system.codename]).toEqual([
      'nginx/1.18.0 (Ubuntu)',
      'openssh-8.9p1-ubuntu22.04',
      'jammy',
    ]);
    expect(services.find(({ emulator }) => emulator === 'redis')?.options?.version).toBe('6.0.16');
  }
});
