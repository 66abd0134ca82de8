import { z } from 'zod';

/** What an enforcer did with a decision and what it read back. */
export const receiptSchema = z.strictObject({
  decision: z.uuid(),
  enforcer: z.string().max(64),
  state: z.enum(['applied', 'rejected', 'removed', 'not_enforced']),
  /** When, in milliseconds since the epoch. */
  time: z.number().int(),
  reason: z.string().max(1_024),
});
export type Receipt = z.infer<typeof receiptSchema>;
