import type { Clock } from '../kit/clock.ts';
import type { Enforcer } from './enforcer.ts';
import { enforcers } from './enforcers/index.ts';

/** An enforcer by its name, its options checked. Throws zod's error, or where there is none of that name. */
export function createEnforcer(name: string, options: unknown, clock: Clock): Enforcer {
  const plugin = enforcers.find((one) => one.name === name);
  if (!plugin) throw new Error(`there is no enforcer ${name}`);
  return plugin.create(plugin.options.parse(options), clock);
}
