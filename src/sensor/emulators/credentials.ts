import type { Wire } from '../emulator.ts';
import { knowsPassword } from '../shell/index.ts';

interface Known {
  /** The pair that works for this attacker, once one has. */
  worked?: { user: string; secret: string };
  tries: number;
  /** At which try a plausible pair gets in. */
  wanted: number;
}

/** Accounts that such devices ship with. */
const users = new Set(
  'root admin administrator support user guest service supervisor operator default tech ubnt pi ftp telnet telecomadmin mother test oracle postgres ubuntu debian vagrant nobody daemon sysadmin'.split(
    ' ',
  ),
);
/** Pairs that only a decoy would take: bots try them to find one out. */
const refused = new Set(['345gs5662d34', '3245gs5662d34']);
const maxWeakLength = 16;

/**
 * Whether a login works. Each attacker gets in with a plausible pair at the first to third try, and from then on,
 * on every service of this sensor, with that pair alone: as on a machine that has a password.
 */
export function admits(
  wire: Pick<Wire, 'memory' | 'random' | 'persona'>,
  user: string,
  secret: string,
): boolean {
  // A password that the attacker set is the one that counts, whatever it is.
  const set = knowsPassword(wire.memory, user, secret);
  if (set !== undefined) return set;
  let known = wire.memory.get('credentials') as Known | undefined;
  if (!known) {
    known = { tries: 0, wanted: 1 + Math.floor(wire.random() * 3) };
    wire.memory.set('credentials', known);
  }
  if (known.worked) return known.worked.user === user && known.worked.secret === secret;
  if (!plausible(user, secret, wire.persona.admin)) return false;
  known.tries++;
  if (known.tries < known.wanted) return false;
  known.worked = { user, secret };
  return true;
}

function plausible(user: string, secret: string, admin: string): boolean {
  if (refused.has(user) || refused.has(secret)) return false;
  return (
    (users.has(user.toLowerCase()) || user === admin) &&
    secret.length <= maxWeakLength &&
    /^[!-~]*$/.test(secret)
  );
}
