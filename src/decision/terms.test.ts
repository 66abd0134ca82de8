import { expect, it } from 'vitest';
import { hour, minute, start } from './fixture.ts';
import { termOptions } from './options.ts';
import { nextStep, termEnd, timeFault } from './terms.ts';

const options = termOptions.parse({});

it('goes one step up within the watch window and stays on the last', () => {
  expect(nextStep(undefined, start, options)).toBe(0);
  expect(nextStep({ step: 0, ended: start }, start + hour, options)).toBe(1);
  expect(nextStep({ step: 2, ended: start }, start + hour, options)).toBe(3);
  expect(nextStep({ step: 3, ended: start }, start + hour, options)).toBe(3);
});

it('steps down by silence, a window at a time', () => {
  expect(nextStep({ step: 1, ended: start }, start + 24 * hour + 1, options)).toBe(1);
  expect(nextStep({ step: 1, ended: start }, start + 25 * hour + 1, options)).toBe(0);
  expect(nextStep({ step: 0, ended: start }, start + hour + 1, options)).toBe(0);
});

it('runs a term from the event, never from the future, never shorter than what stands', () => {
  expect(termEnd(0, start, start, 0, options)).toBe(start + 10 * minute);
  expect(termEnd(0, start, start + minute, 0, options)).toBe(start + 10 * minute);
  expect(termEnd(0, start + minute, start, 0, options)).toBe(start + 10 * minute);
  expect(termEnd(0, start, start, start + hour, options)).toBe(start + hour);
  expect(termEnd(0, start, start + 10 * minute, 0, options)).toBeNull();
});

it('finds times that cannot be', () => {
  expect(timeFault(start + 5 * minute, start, 5 * minute)).toBeNull();
  expect(timeFault(start + 5 * minute + 1, start, 5 * minute)).not.toBeNull();
  for (const time of [-1, Number.NaN, 1.5, Number.POSITIVE_INFINITY])
    expect(timeFault(time, start, 0)).not.toBeNull();
});
