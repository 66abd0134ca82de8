import { expect, it } from 'vitest';
import { createPersona } from '../personas.ts';

it('runs Asterisk under its own account, over TCP and UDP', () => {
  for (let i = 0; i < 20; i++) {
    const { users, daemons } = createPersona(`${i}`, 'pbx');
    const asterisk = daemons.find(({ user }) => user === 'asterisk')!;
    expect(users.some(({ name }) => name === 'asterisk')).toBe(true);
    expect(asterisk.listens).toEqual(['tcp/5060', 'udp/5060']);
  }
});
