import { createHash } from 'node:crypto';
import type { Persona } from '../../persona.ts';
import type { Product } from '../products/index.ts';

/** MIN_FAIL_DELAY_SECONDS and MAX_FAIL_DELAY_SECONDS of OpenSSH's auth2.c, in milliseconds. */
const least = 5;
const most = 5_000;

/**
 * How long a failed login takes, in milliseconds. OpenSSH pads what it took to the next of base, 2·base, 4·base …, with a
 * base of 5 to 9.3 ms that a secret of the host and the user's name give: always the same for the same name.
 * Dropbear takes 250 to 350 ms. `elapsed` is what the check itself took.
 */
export function failDelay(
  product: Product,
  persona: Persona,
  user: string,
  elapsed: number,
  random: number,
): number {
  if (product.family === 'dropbear') return 250 + 100 * random;
  if (elapsed > most) return elapsed;
  const secret = BigInt(`0x${persona.token('ssh timing', 16)}`);
  const digest = createHash('sha512').update(`${secret}${user}`, 'latin1').digest();
  let delay = least + digest.readUInt32BE(0) / 1e9;
  while (delay < elapsed) delay *= 2;
  return delay;
}

/** What PAM adds to a wrong password: two seconds, give or take half, the middle more often (pam_fail_delay(3)). */
export function pamDelay(random: () => number): number {
  return 2_000 * (0.5 + (random() + random() + random()) / 3);
}
