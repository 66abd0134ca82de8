import fc from 'fast-check';
import { expect, it } from 'vitest';
import { manualClock } from '../../kit/clock.ts';
import { Reflection } from './reflection.ts';

const limits = { datagramAnswers: 10, datagramAnswersPerSource: 4 };
const source = { ip: '192.0.2.1', port: 40_000 };

it('lets no answer be longer than what it answers', () => {
  fc.assert(
    fc.property(fc.nat(70_000), fc.nat(70_000), (received, answer) => {
      const rule = new Reflection(limits, manualClock(0));
      expect(rule.refuses(source, 161, received, answer)).toBe(answer > received ? 'longer' : null);
    }),
  );
});

it('answers one source, and all, only so often in a second; a neighbour is the same source', () => {
  const clock = manualClock(5_000);
  const rule = new Reflection(limits, clock);
  const ask = (ip: string) => rule.refuses({ ip, port: 40_000 }, 53, 9, 9);
  const answered = (ip: string, times: number) =>
    Array.from({ length: times }, () => ask(ip)).filter((one) => one === null).length;
  expect(answered('2001:db8::1', 3) + answered('2001:db8::2', 3)).toBe(4);
  expect(answered('192.0.2.1', 9)).toBe(4);
  expect(answered('192.0.2.2', 9)).toBe(2);
  clock.advance(999);
  expect(ask('192.0.2.3')).toBe('rate');
  clock.advance(1);
  expect(answered('192.0.2.1', 9)).toBe(4);
});

it.each([0, 19, 53, 123, 161, 389, 1_900, 11_211])(
  'answers nobody from port %i of another service',
  (port) => {
    const rule = new Reflection(limits, manualClock(0));
    expect(rule.refuses({ ip: '192.0.2.1', port }, 69, 99, 9)).toBe('amplifier');
  },
);

it('answers the clients that speak from the port of their own service', () => {
  expect(new Reflection(limits, manualClock(0)).refuses({ ip: '192.0.2.1', port: 123 }, 123, 48, 48)).toBe(
    null,
  );
});

it.each(['224.0.0.1', '255.255.255.255', '0.0.0.0', 'ff02::1', '::'])('answers no group: %s', (ip) => {
  const rule = new Reflection(limits, manualClock(0));
  expect(rule.refuses({ ip, port: 40_000 }, 53, 99, 9)).toBe('amplifier');
});
