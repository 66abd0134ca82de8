import { z } from 'zod';
import { subjectSchema } from './subject.ts';

/**
 * How good the proof is, weakest first (`docs/evidence.md`): E0 hearsay, E1 spoofable, E2 probable,
 * E3 handshake-backed, E4 seen by a decoy with words of its own, E5 proof of exploitation.
 */
export const evidenceClasses = ['E0', 'E1', 'E2', 'E3', 'E4', 'E5'] as const;
export const evidenceClassSchema = z.enum(evidenceClasses);
export type EvidenceClass = z.infer<typeof evidenceClassSchema>;

export function weakest(classes: Iterable<EvidenceClass>): EvidenceClass {
  let least: EvidenceClass | undefined;
  for (const one of classes) if (least === undefined || one < least) least = one;
  return least ?? 'E0';
}

/** Our end of what was done: which decoy or host, which port, which protocol. */
export const targetSchema = z.strictObject({
  sensor: z.string().max(64),
  decoy: z.boolean(),
  protocol: z.string().max(32),
  transport: z.enum(['tcp', 'udp', 'icmp', 'other']),
  port: z.int().min(0).max(65_535),
});
export type Target = z.infer<typeof targetSchema>;

/** A detector's claim about a subject. */
export const signalSchema = z.strictObject({
  /** UUIDv8 over the time of the last event and (detector, subject, events): the same evidence is the same signal. */
  id: z.uuid(),
  /** The time of the event that completed it, in milliseconds since the epoch. */
  time: z.number().int(),
  detector: z.string().max(64),
  subject: subjectSchema,
  /** 0–1: how much the act itself means harm, whoever did it. */
  confidence: z.number().min(0).max(1),
  /** The weakest class among the events that it needs. */
  evidence: evidenceClassSchema,
  /** ATT&CK technique ids. */
  attack: z.array(z.string().regex(/^T\d{4}(\.\d{3})?$/)).max(16),
  /** One sentence that says what was seen; attacker text in it is escaped where shown. */
  says: z.string().max(1_024),
  /** The account that logged in, where the signal tells of a login that was let in by a real host. */
  account: z.string().max(256).optional(),
  /** Ids of the events that it rests on. */
  because: z.array(z.uuid()).min(1).max(64),
  /** Where the acts landed, without repeats. */
  targets: z.array(targetSchema).max(64),
});
export type Signal = z.infer<typeof signalSchema>;
