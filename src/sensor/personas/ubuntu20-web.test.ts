import { expect, it } from 'vitest';
import { createPersona } from '../personas.ts';

const many = Array.from({ length: 50 }, (_, i) => createPersona(`${i}`, 'ubuntu20-web'));

it('has what Ubuntu 20.04 packages, in one of two kernels', () => {
  for (const { web, ssh, kernel } of many) {
    expect([web.server, ssh]).toEqual(['Apache/2.4.41 (Ubuntu)', 'openssh-8.2p1-ubuntu20.04']);
    expect(kernel.version.includes('~20.04.')).toBe(kernel.release.startsWith('5.15'));
  }
});
