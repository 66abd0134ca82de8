import { z } from 'zod';
import { evidenceClassSchema } from './signal.ts';

export const modes = ['simulate', 'enforce'] as const;
export type Mode = (typeof modes)[number];

/**
 * What is denied: one address (an IPv6 address stands for its /64), or a range that people chose; on some of our ports,
 * or, with `ports` empty, on all of them.
 */
export const scopeSchema = z.strictObject({
  /** Canonical address, or block with its length. */
  source: z.string().max(64),
  transport: z.enum(['tcp', 'udp']).optional(),
  ports: z.array(z.int().min(1).max(65_535)).max(64),
});
export type Scope = z.infer<typeof scopeSchema>;

export const decisionSchema = z.strictObject({
  /** UUIDv8 over time and (policy, scope, signals): the same signal decides once. */
  id: z.uuid(),
  time: z.number().int(),
  action: z.enum(['deny', 'throttle', 'watch']),
  scope: scopeSchema,
  /** When it ends by itself, in milliseconds since the epoch. Nothing is permanent. */
  until: z.number().int(),
  /** How often this source has come back: the place in the ladder of terms. */
  step: z.int().min(0).max(16),
  mode: z.enum(modes),
  policy: z.string().max(64),
  /** Who decided: `policy`, or the name of a person. */
  actor: z.string().max(128),
  evidence: evidenceClassSchema,
  /** Ids of the signals that it rests on; empty only where a person decided. */
  because: z.array(z.uuid()).max(64),
  /** One sentence: why this, and why this wide and long. */
  reason: z.string().max(1_024),
});
export type Decision = z.infer<typeof decisionSchema>;
