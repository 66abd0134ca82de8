import type { Persona } from '../persona.ts';

/**
 * What a small controller watches and sets: a number for each address that follows from the persona and moves with time, as a level or a
 * temperature does. Written values are the session's own.
 */
export function measured(persona: Persona, label: string, address: number, now: number): number {
  const seed = Number.parseInt(persona.token(`${label} ${address}`, 8), 16);
  // One address in three holds nothing, one in three a setting, the rest is measured.
  if (seed % 3 === 0) return 0;
  const middle = 20 + ((seed >>> 8) % 900);
  if (seed % 3 === 1) return middle;
  const period = 120_000 + ((seed >>> 4) % 600) * 1_000;
  return Math.round(middle + (middle / 12) * Math.sin(((now % period) / period) * 2 * Math.PI));
}

/** Whether a switch is on. */
export function switched(persona: Persona, label: string, address: number): boolean {
  return Number.parseInt(persona.token(`${label} ${address}`, 2), 16) % 3 === 0;
}
