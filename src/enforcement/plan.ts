import type { Standing } from './enforcer.ts';

export interface Plan {
  /** Elements that are missing, or that end at another time than wanted. */
  add: Standing[];
  /** Elements that stand and that nobody wants. */
  remove: string[];
}

/**
 * What makes `standing` into `wanted`. Times within `toleranceMs` of each other are equal: systems count whole seconds.
 * Empty where both are the same.
 */
export function plan(
  wanted: ReadonlyMap<string, number>,
  standing: Iterable<Standing>,
  toleranceMs: number,
): Plan {
  const result: Plan = { add: [], remove: [] };
  const found = new Set<string>();
  for (const { key, until } of standing) {
    found.add(key);
    const want = wanted.get(key);
    if (want === undefined) result.remove.push(key);
    else if (Math.abs(want - until) > toleranceMs) result.add.push({ key, until: want });
  }
  for (const [key, until] of wanted) if (!found.has(key)) result.add.push({ key, until });
  return result;
}
