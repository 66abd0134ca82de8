import { expect, it } from 'vitest';
import { createPersona, unixDate } from '../personas.ts';

it('is the same machine for the same seed', () => {
  expect(JSON.stringify(createPersona('one'))).toBe(JSON.stringify(createPersona('one')));
  expect(createPersona('one').token('aws')).toBe(createPersona('one').token('aws'));
});

it('is another machine for another seed', () => {
  const many = Array.from({ length: 200 }, (_, i) => createPersona(`sensor-${i}`));
  for (const key of ['mac', 'machineId', 'bootedAt'] as const) {
    expect(new Set(many.map((one) => one[key])).size, key).toBe(200);
  }
  expect(new Set(many.map((one) => one.hostname)).size).toBeGreaterThan(100);
  expect(new Set(many.map((one) => one.cpu.model)).size).toBeGreaterThan(2);
  expect(new Set(many.map((one) => one.token('aws'))).size).toBe(200);
});

it('fits together', () => {
  for (let i = 0; i < 100; i++) {
    const { arch, cpu, kernel, memoryKb, web, bootedAt } = createPersona(`sensor-${i}`);
    expect(arch.name.startsWith('arm') || arch.name === 'aarch64').toBe(cpu.model.startsWith('ARM'));
    expect(arch.elfClass === 64).toBe(arch.name !== 'armv7l');
    expect(kernel.version).toMatch(/^#\d SMP.* \w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d UTC 20\d\d$/);
    expect(memoryKb).toBeGreaterThan(400_000);
    expect(web.modifiedAt).toBeLessThan(bootedAt);
  }
});

it('prints dates as date(1) does', () => {
  expect(unixDate(0)).toBe('Thu Jan  1 00:00:00 UTC 1970');
});
