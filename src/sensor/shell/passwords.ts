import type { Memory } from '../memory.ts';

/** How many accounts of one attacker have a password of their own. */
const limit = 64;

/** Keeps a password that an attacker set; null takes it away, and then nothing opens the account. */
export function keepPassword(memory: Memory, user: string, secret: string | null): void {
  const all =
    (memory.get('passwords') as Map<string, string | null> | undefined) ?? new Map<string, string | null>();
  if (all.size >= limit && !all.has(user)) return;
  all.set(user.slice(0, 64), secret === null ? null : secret.slice(0, 512));
  memory.set('passwords', all);
}

/** Whether this is the password that was set; undefined where none was. */
export function knowsPassword(memory: Memory, user: string, secret: string): boolean | undefined {
  const all = memory.get('passwords') as Map<string, string | null> | undefined;
  const kept = all?.get(user);
  return kept === undefined ? undefined : kept === secret;
}
