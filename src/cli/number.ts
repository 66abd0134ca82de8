import { Fault } from '../kit/fault.ts';

/** The whole number that an option was given, of at most nine digits. */
export function whole(option: string, given: unknown): number {
  if (!/^\d{1,9}$/.test(String(given))) throw new Fault('usage', `${option} takes a whole number.`);
  return Number(given);
}
