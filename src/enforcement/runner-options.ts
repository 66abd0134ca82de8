import { z } from 'zod';

const ms = z.int().positive();

export const runnerOptions = z.strictObject({
  /** Elements that one enforcer may hold; denies beyond it are told as not enforced, and wait for room. */
  limit: z.int().positive().default(200_000),
  /** Denies that may wait for room; more are not tried again. */
  leftOut: z.int().positive().default(100_000),
  /** Elements in one transaction. */
  perBatch: z.int().positive().max(10_000).default(5_000),
  timeoutMs: ms.default(30_000),
  /** How often each part is read back. */
  readMs: ms.default(30_000),
  /** How far ends of terms may differ before they count as drift. */
  toleranceMs: ms.default(3_000),
  /** Which share of the elements may be wrong, and for how long, before it is an alarm that lasts. */
  driftShare: z.number().min(0).max(1).default(0.001),
  driftMs: ms.default(60_000),
  /** How often the kill switch is looked at, and how long emptying may take. */
  killPollMs: ms.default(250),
  killWithinMs: ms.default(5_000),
  /** The first wait after a failure; it doubles up to thirty times as long. */
  retryMs: ms.default(1_000),
});
export type RunnerOptions = z.infer<typeof runnerOptions>;
