import { expect, it } from 'vitest';
import { detectFormat } from './detect-format.ts';
import { examples } from './readers/examples.ts';

it('finds the format of most of the first lines', () => {
  const sshd = examples.sshd!;
  expect(detectFormat(['# a comment', '', ...sshd])?.name).toBe('sshd');
  expect(detectFormat([...sshd, ...examples.combined!.slice(0, 2)])?.name).toBe('sshd');
});

it('says so where it does not know one', () => {
  expect(detectFormat([])).toBeNull();
  expect(detectFormat(['', '  '])).toBeNull();
  expect(detectFormat(['a,b,c', '1,2,3', ...examples.sshd!.slice(0, 1)])).toBeNull();
});

it('looks at no more than the first fifty', () => {
  expect(
    detectFormat([...Array<string>(50).fill('x'), ...Array<string>(500).fill(examples.sshd![0]!)]),
  ).toBeNull();
});
