import { z } from 'zod';
import { defineDetector } from '../detector.ts';
import { Distinct, type DistinctLimits } from '../distinct.ts';
import { hash } from '../hash.ts';
import { Recent } from '../recent.ts';

/** One address tries many accounts, of any services. Time is the event's own. */
export const spray = defineDetector({
  name: 'spray',
  summary: 'One address tries many accounts',
  on: ['login'],
  options: z.strictObject({
    /** Different names that failed at real services. Behind one address there may be an office full of people. */
    accounts: z.int().min(2).max(32).default(12),
    /** Different names at decoys. */
    decoyAccounts: z.int().min(2).max(32).default(6),
    withinMs: z.int().positive().default(3_600_000),
    againMs: z.int().positive().default(600_000),
    growth: z.int().min(2).default(8),
    sources: z.int().positive().default(100_000),
  }),

  start({ accounts, decoyAccounts, withinMs, againMs, growth, sources: limit }) {
    const keepMs = Math.max(withinMs, againMs);
    const hosts = new Recent<Distinct>(limit, keepMs);
    const decoys = new Recent<Distinct>(limit, keepMs);
    const host: DistinctLimits = { count: accounts, withinMs, againMs, growth };
    const decoy: DistinctLimits = { ...host, count: decoyAccounts };

    return (event, ref) => {
      // Logs without names have empty ones; a good login at a real service is no try.
      if (event.user === '' || (event.ok && !event.decoy)) return;
      const sources = event.decoy ? decoys : hosts;
      const limits = event.decoy ? decoy : host;
      let names = sources.get(event.src.ip, event.time);
      if (names === undefined) {
        names = new Distinct();
        sources.set(event.src.ip, names);
      }
      const because = names.add(hash(event.user), event.time, ref, limits);
      if (because === undefined) return;
      return {
        subject: { type: 'ip', value: event.src.ip },
        confidence: event.decoy ? 0.9 : 0.7,
        attack: ['T1110.003'],
        says: `${names.total} account names tried`,
        because,
      };
    };
  },
});
