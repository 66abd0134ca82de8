import { z } from 'zod';

const tally = z.record(z.string().max(128), z.int().min(0)).default({});

/** Addresses that are taken for one actor's, and why. */
export const actorSchema = z.strictObject({
  /** Derived from the trace by which it was first known. */
  id: z.string().regex(/^actor-[0-9a-f]{12}$/),
  /** First and last time of its sessions, in milliseconds since the epoch. */
  first: z.number().int(),
  last: z.number().int(),
  /** Addresses that were joined; those long forgotten are not counted. */
  addresses: z.int().min(1),
  sessions: z.int().min(0),
  /** What two addresses have in common that only one actor has: the first ones. */
  joins: z
    .array(
      z.strictObject({
        by: z.enum(['ssh-key', 'payload', 'sequence', 'client and credentials', 'planted credentials']),
        value: z.string().max(8_448),
        a: z.string().max(64),
        b: z.string().max(64),
      }),
    )
    .max(32),
  /** Its sessions by kind of actor, by label, and by tool. */
  kinds: tally,
  labels: tally,
  tools: tally,
});
export type Actor = z.infer<typeof actorSchema>;
