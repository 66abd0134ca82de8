import { z } from 'zod';
import { defineDetector } from '../detector.ts';
import { Recent } from '../recent.ts';

/** Somebody logs in at a real host. No act against us: the decision stage goes by it where a denied source does so. */
export const login = defineDetector({
  name: 'login',
  summary: 'Somebody logs in at a real host: what a denied source is judged by, not an attack',
  on: ['login'],
  options: z.strictObject({
    /** How long the same account, source and host is not told again. */
    againMs: z.int().positive().default(600_000),
    sources: z.int().positive().default(50_000),
  }),

  start({ againMs, sources: limit }) {
    const told = new Recent<number>(limit, againMs);
    return (event, ref) => {
      const { user, src, sensor, time } = event;
      if (!event.ok || event.decoy || event.handshake !== 'authenticated' || user === '') return;
      const key = `${src.ip}\n${sensor}\n${user}`;
      const last = told.get(key, time);
      if (last !== undefined && Math.abs(time - last) < againMs) return;
      told.set(key, time);
      return {
        subject: { type: 'ip', value: src.ip },
        confidence: 0,
        attack: [],
        says: `logged in as ${user} at ${sensor}`,
        account: user.slice(0, 256),
        because: [ref()],
      };
    };
  },
});
