import { expect, it } from 'vitest';
import { createPersona } from '../personas.ts';

it('speaks BACnet and Modbus from one machine', () => {
  for (let i = 0; i < 20; i++) {
    const { daemons } = createPersona(`${i}`, 'building-controller');
    const all = daemons.flatMap(({ listens = [] }) => listens);
    expect(all).toEqual(expect.arrayContaining(['udp/47808', 'tcp/502', 'tcp/80']));
  }
});
