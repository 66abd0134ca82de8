import { expect, it } from 'vitest';
import { systemClock } from '../../kit/clock.ts';
import { inside, kernelFault, namespace } from '../fixture.ts';
import { ipset, ipsetOptions } from './ipset.ts';
import { readSave } from './ipset-read.ts';

const fault = kernelFault('ipset');

it('reads what ipset saves', () => {
  expect(readSave('deny4', 'create x hash:ip\nadd x 192.0.2.7 timeout 5\n', 1_000)).toEqual([
    { key: 'deny4 192.0.2.7', until: 6_000 },
  ]);
  const key = (part: string, element: string) => readSave(part, `add x ${element} timeout 5`, 0)[0]!.key;
  expect(key('deny4p', '192.0.2.7,tcp:22')).toBe('deny4p 192.0.2.7 tcp 22');
  expect(key('deny6p', '2001:db8:1:2::/64,udp:53')).toBe('deny6p 2001:db8:1:2:: udp 53');
  expect(key('range4', '192.0.2.0/24')).toBe('range4 192.0.2.0/24');
  expect(key('range4', '192.0.2.1')).toBe('range4 192.0.2.1/32');
});

it('counts an element without a term as never ending: it is not ours', () => {
  for (const line of ['add x 192.0.2.7', 'add x 192.0.2.7 timeout 0'])
    expect(readSave('deny4', line, 0)[0]!.until).toBe(Number.MAX_SAFE_INTEGER);
});

it.skipIf(fault !== null)(`touches no set that is not its own${fault ? ` (${fault})` : ''}`, async () => {
  const own = namespace('ipset-own');
  try {
    inside(own.name, 'ipset', 'create', 'others', 'hash:ip');
    inside(own.name, 'ipset', 'add', 'others', '192.0.2.7');
    const enforcer = ipset.create(
      ipsetOptions.parse({ exec: own.exec, decoys: { tcp: [2323] } }),
      systemClock,
    );
    await enforcer.prepare();
    await enforcer.protect(['10.0.0.0/8'], 0);
    await enforcer.apply([{ key: 'deny4 198.51.100.7', until: Date.now() + 60_000 }], ['deny4 192.0.2.7']);
    await enforcer.clear();
    expect(inside(own.name, 'ipset', 'save', 'others')).toContain('add others 192.0.2.7');
    expect(inside(own.name, 'ipset', 'save', 'caltrop-never4')).toContain('add caltrop-never4 10.0.0.0/8');
    expect(inside(own.name, 'ipset', 'save', 'caltrop-decoy-tcp')).toContain('2323');
  } finally {
    own.end();
  }
});
