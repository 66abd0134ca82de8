import { expect, it } from 'vitest';
import { classPorts, serviceOf } from '../src/decision/service-class.ts';
import { emulators } from '../src/sensor/emulators/index.ts';

/** Stands on any port, and has none of its own. */
const anyPort = new Set(['catchall']);

it.each(
  emulators
    .filter(({ name }) => !anyPort.has(name))
    .map(({ name, port, highPort }) => ({ name, port, highPort })),
)(
  'a deny that is earned at the decoy $name covers the ports where that service is usual',
  ({ name, port, highPort }) => {
    expect(classPorts({ protocol: name, port: 0 })).toEqual(expect.arrayContaining([port, highPort]));
    expect(serviceOf({ protocol: name, port: 1 })).not.toBe('port 1');
  },
);

it('a port belongs to the service that it is known for, whatever was spoken there', () => {
  for (const [port, service] of [
    [6443, 'kubernetes'],
    [8883, 'mqtt'],
    [636, 'ldap'],
    [8000, 'http'],
  ] as const)
    expect(serviceOf({ protocol: 'other', port })).toBe(service);
});
