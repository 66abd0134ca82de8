import { expect, it } from 'vitest';
import { listenLimit, portsOf, portsSchema, portsText } from './ports.ts';

it('takes a port, a range, or a list of both', () => {
  expect(portsOf(portsSchema.parse(22))).toEqual([22]);
  expect(portsOf(portsSchema.parse('8000-8003'))).toEqual([8_000, 8_001, 8_002, 8_003]);
  expect(portsOf(portsSchema.parse([80, '79-81', 0, 0]))).toEqual([80, 79, 81, 0, 0]);
});

it.each([
  [[]],
  ['80-79'],
  ['0-5'],
  [`1-${listenLimit + 1}`],
  ['65530-65536'],
  ['a-b'],
  [-1],
  [65_536],
  [['x']],
])('refuses %j', (ports) => expect(portsSchema.safeParse(ports).success).toBe(false));

it('reads well', () => {
  expect(portsText([8_080, 80])).toBe('80, 8080');
  expect(portsText([3, 1, 2, 9, 10])).toBe('1-3, 9, 10');
});
