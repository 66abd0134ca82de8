import { expect, it } from 'vitest';
import { createPersona } from '../../personas.ts';
import { productNamed } from '../products/index.ts';
import { failDelay, pamDelay } from './delay.ts';

const openssh = productNamed('openssh-9.2p1-debian12');

it('is a power of two of a base that host and user give', () => {
  const persona = createPersona('a');
  const base = failDelay(openssh, persona, 'root', 1, 0);
  expect(base).toBeGreaterThanOrEqual(5);
  expect(base).toBeLessThan(9.4);
  expect(failDelay(openssh, persona, 'root', 1_900, 0.5) / base).toBe(
    2 ** Math.ceil(Math.log2(1_900 / base)),
  );
  expect(failDelay(openssh, persona, 'root', 1, 0.7)).toBe(base);
  expect(failDelay(openssh, persona, 'admin', 1, 0)).not.toBe(base);
  expect(failDelay(openssh, createPersona('b'), 'root', 1, 0)).not.toBe(base);
});

it('is never longer than OpenSSH pads to', () => {
  expect(failDelay(openssh, createPersona('a'), 'x', 6_000, 0)).toBe(6_000);
  expect(pamDelay(() => 0)).toBe(1_000);
  expect(pamDelay(() => 0.999)).toBeLessThan(3_000);
});
