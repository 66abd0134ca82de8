import { expect, it } from 'vitest';
import { classPorts, serviceOf } from './service-class.ts';

it('joins the ports of one service', () => {
  expect(classPorts({ protocol: 'telnet', port: 2323 })).toContain(23);
  expect(classPorts({ protocol: 'ssh', port: 22 })).toContain(2222);
  expect(classPorts({ protocol: 'http', port: 8080 })).toEqual(expect.arrayContaining([80, 443, 8443]));
});

it('goes by what was spoken where the port is unusual, and by the port where the protocol is unknown', () => {
  expect(classPorts({ protocol: 'telnet', port: 9999 })).toEqual([23, 2323, 9999, 23231]);
  expect(classPorts({ protocol: 'other', port: 6379 })).toContain(6380);
  expect(classPorts({ protocol: 'other', port: 9 })).toEqual([9]);
  expect(classPorts({ protocol: 'other', port: 0 })).toEqual([]);
});

it('names a service the same on each of its ports', () => {
  expect(serviceOf({ protocol: 'ssh', port: 22 })).toBe(serviceOf({ protocol: 'sshd', port: 2222 }));
  expect(serviceOf({ protocol: 'other', port: 9 })).toBe('port 9');
});
