import fc from 'fast-check';
import { expect, it } from 'vitest';
import { printable } from './printable.ts';
import { readable } from './readable.ts';

/** As a sensor keeps it: one character a byte. */
const kept = (text: string | number[]) =>
  (typeof text === 'string' ? Buffer.from(text) : Buffer.from(text)).toString('latin1');

it('gives back what was typed in UTF-8', () => {
  for (const text of ['plain', 'пароль', '密码123', 'für 🪤', 'é'])
    expect(readable(kept(text)), text).toBe(text);
});

it('leaves what is no UTF-8, and what is decoded already', () => {
  for (const bytes of [
    [0xff, 0xfe],
    [0x66, 0xfc, 0x72],
    // Overlong slash and NUL, a surrogate, beyond U+10FFFF, and a sequence that is cut off.
    [0xc0, 0xaf],
    [0xe0, 0x80, 0x80],
    [0xed, 0xa0, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
    [0x61, 0xe5, 0xaf],
    [0x9b, 0x32, 0x4a],
  ])
    expect(readable(kept(bytes))).toBe(kept(bytes));
  for (const text of ['für', '漢字', 'naïve', 'Ã¼漢', '']) expect(readable(text)).toBe(text);
});

it('hands nothing to a terminal that it would obey, whatever the bytes decode to', () => {
  const seen = (text: string) => printable(kept(text));
  expect(seen('пароль')).toBe('пароль');
  expect(seen('a\u009b2Jb')).toBe('a\\x9b2Jb');
  expect(seen('\u202e\u2066txt.exe')).toBe('\\u202e\\u2066txt.exe');
  expect(seen('\u001b]0;é\u0007')).toBe('\\x1b]0;é\\x07');
  expect(seen('\ufeffé\u2028\u0085')).toBe('\\ufeffé\\u2028\\x85');
  expect(printable(kept([0x9b, 0x32, 0x4a]))).toBe('\\x9b2J');
  // Cut after it is decoded: no half of a character.
  expect(printable(kept('密码密码'), 2)).toBe('密码…');
  const obeyed = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => !obeyed.test(printable(kept([...bytes])))),
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => readable(kept(text)) === text.toWellFormed()),
  );
});
