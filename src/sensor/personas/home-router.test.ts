import { expect, it } from 'vitest';
import { createPersona } from '../personas.ts';

const many = Array.from({ length: 50 }, (_, i) => createPersona(`${i}`, 'home-router'));

it('counts its processors in the kernel that it has, and is the first address of its network', () => {
  for (const { cpu, kernel, address } of many) {
    expect(kernel.version.includes('SMP')).toBe(cpu.count > 1);
    expect(address).toMatch(/^192\.168\.\d+\.1$/);
  }
  expect(new Set(many.map(({ arch }) => `${arch.name} ${arch.littleEndian}`)).size).toBe(3);
});
