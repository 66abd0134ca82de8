import { expect, it } from 'vitest';
import { printable, printableJson } from './printable.ts';

const hostile = '\u001b[2J\u009b2J\u007f\u202e\u2028\ufeff\ud800\r\n';

it('shows what a terminal would obey', () => {
  expect(printable(hostile)).toBe('\\x1b[2J\\x9b2J\\x7f\\u202e\\u2028\\ufeff\\ud800\\r\\n');
  expect(printable('für 漢字 🪤')).toBe('für 漢字 🪤');
  expect(printable('abcdef', 3)).toBe('abc…');
});

it('writes JSON that says the same, in characters that a terminal only shows', () => {
  const line = printableJson({ hostile, plain: 'für 漢字 🪤' });
  expect(JSON.parse(line)).toEqual({ hostile, plain: 'für 漢字 🪤' });
  expect(printable(line)).toBe(line);
  expect(line).toContain('für 漢字 🪤');
});
