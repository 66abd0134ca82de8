import { expect, it } from 'vitest';
import { createPersona } from '../personas.ts';

const many = Array.from({ length: 50 }, (_, i) => createPersona(`${i}`, 'docker-host'));

it('opens what its own flags say', () => {
  for (const { daemons, services } of many) {
    const engine = daemons.find(({ command }) => command.startsWith('/usr/bin/dockerd'))!;
    expect(engine).toMatchObject({
      command: expect.stringContaining('tcp://0.0.0.0:2375'),
      listens: ['tcp/2375'],
    });
    expect(services.find(({ emulator }) => emulator === 'docker')?.options?.version).toBe('20.10.24');
  }
});
