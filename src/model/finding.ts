import { z } from 'zod';
import { evidenceClassSchema } from './signal.ts';
import { subjectSchema } from './subject.ts';

export const severities = ['low', 'medium', 'high', 'critical'] as const;

/** What a person should read. */
export const findingSchema = z.strictObject({
  /** UUIDv8, stable: the same policy, subject and type within a day is the same finding, counted up. */
  id: z.uuid(),
  /** First and last time of what was seen, in milliseconds since the epoch. */
  first: z.number().int(),
  last: z.number().int(),
  count: z.int().min(1),
  severity: z.enum(severities),
  type: z.string().max(128),
  title: z.string().max(256),
  subject: subjectSchema,
  evidence: evidenceClassSchema,
  /** What was seen. */
  seen: z.string().max(2_048),
  /** What was done, or that nothing was. */
  done: z.string().max(2_048),
  /** Why nothing was blocked, where nothing was. */
  whyNot: z.string().max(2_048),
  attack: z.array(z.string()).max(16),
  /** Ids of the signals, decisions and sessions that it rests on. */
  because: z.array(z.uuid()).max(64),
});
export type Finding = z.infer<typeof findingSchema>;
