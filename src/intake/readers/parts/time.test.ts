import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clfTime, isoTime, syslogTime } from './time.ts';

describe('isoTime', () => {
  it('agrees with Date for any moment', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (ms) => {
        expect(isoTime(new Date(ms).toISOString())).toBe(ms);
      }),
    );
  });

  it.each([
    ['2025-02-12T00:51:39.356583Z', Date.UTC(2025, 1, 12, 0, 51, 39, 356)],
    ['2025-02-11 01:18:13.286635', Date.UTC(2025, 1, 11, 1, 18, 13, 286)],
    ['2025-02-12T01:57:41Z', Date.UTC(2025, 1, 12, 1, 57, 41)],
    ['2023-11-14T00:20:42.7+01:00', Date.UTC(2023, 10, 13, 23, 20, 42, 700)],
    ['2023-11-14T00:20:42-0530', Date.UTC(2023, 10, 14, 5, 50, 42)],
    ['2024-02-29T23:59:60Z', Date.UTC(2024, 2, 1)],
  ])('reads %s', (text, ms) => expect(isoTime(text)).toBe(ms));

  it.each([
    '',
    '2025-02-29T00:00:00Z',
    '2025-00-10T00:00:00Z',
    '2025-04-31T00:00:00Z',
    '2025-02-12T24:00:00Z',
    '2025-02-12T00:60:00Z',
    '2025-02-12T00:00:00.Z',
    '2025-02-12T00:00:00z',
    '2025-02-12T00:00:00+1',
    '2025-02-12T00:00:00+15:00',
    '2025-02-12X00:00:00Z',
    '2025-2-12T00:00:00Z ',
    '２025-02-12T00:00:00Z',
  ])('refuses %j', (text) => expect(isoTime(text)).toBeNaN());
});

describe('clfTime', () => {
  it('reads zones', () => {
    expect(clfTime('17/May/2015:10:05:03 -0230')).toBe(Date.UTC(2015, 4, 17, 12, 35, 3));
  });
  it.each([
    '17/Mai/2015:10:05:03 +0000',
    '17/May/2015:10:05:03 +000',
    '17/May/2015 10:05:03 +0000',
    '31/Jun/2015:10:05:03 +0000',
  ])('refuses %j', (text) => expect(clfTime(text)).toBeNaN());
});

describe('syslogTime', () => {
  const now = Date.UTC(2025, 0, 2, 12);
  it('takes the last such day, or tomorrow, but none later', () => {
    expect(syslogTime('Jan  3 11:59:59', now)).toBe(Date.UTC(2025, 0, 3, 11, 59, 59));
    expect(syslogTime('Jan 3 12:00:01', now)).toBe(Date.UTC(2024, 0, 3, 12, 0, 1));
    expect(syslogTime('Dec 31 23:00:00', now)).toBe(Date.UTC(2024, 11, 31, 23));
    expect(syslogTime('Jan  1 00:00:00', Date.UTC(2024, 11, 31, 18))).toBe(Date.UTC(2025, 0, 1));
  });
  it.each(['Jan 32 00:00:00', 'Foo  1 00:00:00', 'Feb 30 00:00:00', 'Jan  1 24:00:00'])(
    'refuses %j',
    (text) => expect(syslogTime(text, now)).toBeNaN(),
  );
});
