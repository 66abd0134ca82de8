import type { Persona } from './persona.ts';
import { kindNamed, kinds } from './personas/index.ts';
import { seedFrom } from './personas/kind.ts';

export { unixDate } from './personas/unix-date.ts';

/** What a sensor is unless told otherwise. */
export const defaultKind = kinds[0]!.name;

/** The machine of a seed: the same seed and kind always give the same one, whatever the clock says. */
export function createPersona(secret: string, kind: string = defaultKind): Persona {
  const seed = seedFrom(secret);
  const { name, services, create } = kindNamed(kind);
  return { kind: name, machineId: seed.token('machine-id'), services, token: seed.token, ...create(seed) };
}
