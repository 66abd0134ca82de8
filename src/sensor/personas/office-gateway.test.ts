import { expect, it } from 'vitest';
import { createPersona } from '../personas.ts';

it('is a Debian machine that a proxy runs on', () => {
  for (let i = 0; i < 20; i++) {
    const { system, daemons, services } = createPersona(`${i}`, 'office-gateway');
    expect(system).toMatchObject({ id: 'debian', version: '12' });
    expect(daemons.find(({ listens = [] }) => listens.includes('tcp/3128'))?.user).toBe('proxy');
    expect(services.map(({ emulator }) => emulator)).toContain('proxy');
  }
});
