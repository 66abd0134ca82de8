import { z } from 'zod';
import { kinds } from '../model/event.ts';
import { signalSchema } from '../model/signal.ts';
import { conditionSchema, fieldSchema } from './conditions.ts';

const duration = z
  .int()
  .min(1_000)
  .max(30 * 86_400_000);
const on = z.array(z.enum(kinds)).min(1).max(kinds.length);

const common = {
  name: z.string().regex(/^[a-z][a-z0-9-]{1,62}$/, 'lower case letters, digits and dashes'),
  /** What it sees, for people who choose rules. */
  summary: z.string().min(1).max(256),
  on,
  where: conditionSchema.optional(),
  confidence: signalSchema.shape.confidence,
  attack: signalSchema.shape.attack,
  /** One sentence that a signal says. Never with text of an attacker in it. */
  says: z.string().min(1).max(512),
  /** Told again after this long while it goes on, or once there is so many times as much. */
  againMs: duration.default(600_000),
  growth: z.int().min(2).max(1_000).default(8),
  /** Sources that are followed at a time. */
  sources: z.int().min(1).max(1_000_000).default(100_000),
};

/**
 * A detection as data. What a signal is worth as evidence is not among its fields: that follows from the events alone.
 */
export const ruleSchema = z.discriminatedUnion('type', [
  /** Each event that fits. */
  z.strictObject({ type: z.literal('trigger'), ...common }),
  /** More than a leaking bucket holds, of one source at one service or at all. */
  z.strictObject({
    type: z.literal('leaky'),
    ...common,
    capacity: z.int().min(2).max(64),
    leakMs: duration,
    by: z.enum(['source', 'service']).default('source'),
  }),
  /** So many different values of a field. */
  z.strictObject({
    type: z.literal('distinct'),
    ...common,
    field: fieldSchema,
    count: z.int().min(2).max(32),
    withinMs: duration,
  }),
  /** Steps in order, of one source or of one session. */
  z.strictObject({
    type: z.literal('sequence'),
    ...common,
    steps: z.array(conditionSchema).min(2).max(16),
    withinMs: duration,
    by: z.enum(['source', 'session']).default('session'),
  }),
]);
export type Rule = z.infer<typeof ruleSchema>;
