import { z } from 'zod';
import { budget } from '../kit/budget.ts';

const day = 86_400_000;

/** How much of the audit is kept. */
export const auditLimits = z.strictObject({
  /** When the file of records is closed and the next begun, in bytes. */
  segmentBytes: z
    .int()
    .min(1_000)
    .default(64 * 1024 ** 2),
  /** Over its disk the oldest segments go, but none that is younger than `leastMs`. */
  ...budget(365, 4),
  /** What no lack of room removes: whoever floods us must not be able to push out what came before. */
  leastMs: z
    .int()
    .positive()
    .default(30 * day),
});
export type AuditLimits = z.infer<typeof auditLimits>;
