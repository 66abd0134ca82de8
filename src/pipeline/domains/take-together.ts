/** As many are taken at once: what they touch is looked at once for all, and a score that several move is told once. */
const together = 256;

/**
 * Gives items on many at a time, in their order; where that fails, one by one, so that one which cannot be taken costs nothing but
 * itself. `take` is given an item again then, and must be able to bear that. Says how many failed, and how the last one did.
 */
export function takeTogether<T>(
  items: readonly T[],
  take: (some: readonly T[]) => void,
): { faults: number; latest: unknown } {
  let faults = 0;
  let latest: unknown;
  const attempt = (some: readonly T[]): boolean => {
    try {
      take(some);
      return true;
    } catch (cause) {
      latest = cause;
      return false;
    }
  };
  for (let at = 0; at < items.length; at += together) {
    const some = items.slice(at, at + together);
    if (attempt(some)) continue;
    let alone = 0;
    for (const item of some) if (!attempt([item])) alone++;
    // What failed once and then does not is no less a fault.
    faults += Math.max(1, alone);
  }
  return { faults, latest };
}
