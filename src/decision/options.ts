import { z } from 'zod';
import { parsePrefix } from '../kit/ip.ts';
import { modes } from '../model/decision.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const ms = z.int().positive();
const share = z.number().min(0).max(1);

/** How much may be denied, and how fast it may grow, before a person is asked. Starting values are ours. */
export const budgetOptions = z.strictObject({
  perMinute: z.int().positive().default(200),
  perAsnMinute: z.int().positive().default(20),
  /** New denies within ten minutes, as a share of what stood before them. */
  growth: z.number().positive().default(0.5),
  /** Growth that is always allowed: half of an empty set would be nothing. */
  growthFloor: z.int().positive().default(50),
  /** Denies that may stand at once. */
  standing: z.int().positive().default(100_000),
});
export type BudgetOptions = z.infer<typeof budgetOptions>;

/** How long a deny lasts, by how often its source has come back. */
export const termOptions = z
  .strictObject({
    ladderMs: z
      .array(ms)
      .min(1)
      .max(8)
      .default([10 * minute, hour, day, 7 * day]),
    /** How long a released source is watched, by the step it was released from: seen in it, it goes one step up. */
    watchMs: z
      .array(ms)
      .min(1)
      .max(8)
      .default([hour, day, 7 * day, 30 * day]),
  })
  .refine(
    ({ ladderMs, watchMs }) => ladderMs.length === watchMs.length,
    'ladderMs and watchMs need one entry a step',
  );
export type TermOptions = z.infer<typeof termOptions>;

/** Lifts never-block for loopback without 127.0.0.1, and for blocks that the program's own namespaces use. Nothing else. */
export const labOptions = z.strictObject({
  on: z.boolean().default(false),
  namespaces: z
    .array(z.string().refine((text) => parsePrefix(text) !== null, 'a block of addresses'))
    .max(64)
    .default([]),
});
export type LabOptions = z.infer<typeof labOptions>;

export const decisionOptions = z.strictObject({
  /** What a new decision does where its detector has no mode of its own. */
  mode: z.enum(modes).default('simulate'),
  /** From which confidence on an act counts as malicious, and from which a person is told. */
  denyFrom: share.default(0.7),
  tipFrom: share.default(0.2),
  /** Per detector: its own mode (`off` makes tips only) and threshold. */
  detectors: z
    .record(
      z.string().max(64),
      z.strictObject({ mode: z.enum(['off', ...modes]).optional(), denyFrom: share.optional() }),
    )
    .default({}),
  terms: termOptions.prefault({}),
  budget: budgetOptions.prefault({}),
  lab: labOptions.prefault({}),
  /** How far an event's time may lie ahead of its arrival. */
  skewMs: z
    .int()
    .min(0)
    .default(5 * minute),
  /** How long a decoy that was attacked is remembered of a source: two of them earn a deny on all ports. */
  decoyMs: ms.default(7 * day),
  /** How long before the first malicious act an account must have been seen to log in from a source, to be its victim. */
  knownMs: ms.default(day),
  /** How long a source that a person or a login released is only tipped. */
  reprieveMs: ms.default(hour),
  /** How old the never-block list may be before nothing is denied any more. */
  staleMs: ms.default(day),
  /** Sources whose past is remembered, and signals that are known to be decided. */
  sources: z.int().positive().default(200_000),
  signals: z.int().positive().default(500_000),
});
export type DecisionOptions = z.infer<typeof decisionOptions>;
