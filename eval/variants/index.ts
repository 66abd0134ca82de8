import { type Draw, pick } from '../../src/kit/seeded.ts';
import { deviceVariants } from './devices.ts';
import { serviceVariants } from './services.ts';
import { sshVariants } from './ssh.ts';
import { unknown } from './unknown.ts';
import { Dice, type Made } from './variant.ts';

export type { Made } from './variant.ts';

const known = [...sshVariants, ...deviceVariants, ...serviceVariants];

/** One more session: a behaviour's variant, each behaviour as often as the next, or, two times in five, what is none. */
export function makeSession(draw: Draw): Made {
  const dice = new Dice(draw);
  return draw() < 0.4 ? unknown(dice) : pick(draw, known)(dice);
}
