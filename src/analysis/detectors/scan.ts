import { z } from 'zod';
import { defineDetector } from '../detector.ts';
import { Distinct, type DistinctLimits } from '../distinct.ts';
import { hash } from '../hash.ts';
import { Recent } from '../recent.ts';

/**
 * One address knocks at many of our doors: ports, decoys, hosts. What can be forged (refused flows, datagrams) is counted too,
 * and its class says what it is worth.
 */
export const scan = defineDetector({
  name: 'scan',
  summary: 'One address tries many ports or many sensors',
  on: ['connect', 'flow'],
  options: z.strictObject({
    /** Different ports and hosts among real ones. */
    doors: z.int().min(2).max(32).default(15),
    /** Different ports and sensors among decoys, where nobody has a reason to knock. */
    decoyDoors: z.int().min(2).max(32).default(5),
    withinMs: z.int().positive().default(3_600_000),
    againMs: z.int().positive().default(3_600_000),
    growth: z.int().min(2).default(8),
    sources: z.int().positive().default(100_000),
  }),

  start({ doors, decoyDoors, withinMs, againMs, growth, sources: limit }) {
    const keepMs = Math.max(withinMs, againMs);
    const hosts = new Recent<Distinct>(limit, keepMs);
    const decoys = new Recent<Distinct>(limit, keepMs);
    const host: DistinctLimits = { count: doors, withinMs, againMs, growth };
    const decoy: DistinctLimits = { ...host, count: decoyDoors };

    return (event, ref) => {
      // An accepted flow from a port below 1024 to one above is most likely an answer to us, told from its other end.
      if (event.kind === 'flow' && event.src.port < 1_024 && event.dst.port >= 1_024) return;
      const sources = event.decoy ? decoys : hosts;
      const limits = event.decoy ? decoy : host;
      let known = sources.get(event.src.ip, event.time);
      if (known === undefined) {
        known = new Distinct();
        sources.set(event.src.ip, known);
      }
      const door = (hash(event.dst.ip) ^ hash(event.sensor)) + event.dst.port * 65_599;
      const because = known.add(door >>> 0, event.time, ref, limits);
      if (because === undefined) return;
      return {
        subject: { type: 'ip', value: event.src.ip },
        confidence: event.decoy ? 0.8 : 0.6,
        attack: because.some(({ target }) => target.sensor !== event.sensor)
          ? ['T1595.001', 'T1046']
          : ['T1046'],
        says: `${known.total} ${event.decoy ? 'decoy ports' : 'ports and hosts'} tried`,
        because,
      };
    };
  },
});
