import { expect, it } from 'vitest';
import { createPaint, wantsColour } from './paint.ts';

it('paints only terminals that want it', () => {
  expect(wantsColour({ isTTY: true }, {})).toBe(true);
  expect(wantsColour({ isTTY: true }, { NO_COLOR: '1' })).toBe(false);
  expect(wantsColour({ isTTY: true }, { TERM: 'dumb' })).toBe(false);
  expect(wantsColour({}, {})).toBe(false);
});

it('leaves text as it is where it must not paint', () => {
  expect(createPaint(false).red('denied')).toBe('denied');
  expect(createPaint(true).red('denied')).toBe('\u001b[31mdenied\u001b[39m');
});
