import { z } from 'zod';
import { indicatorTypes } from './session.ts';

/** An address, a file or a key that attackers' sessions gave away. */
export const indicatorSchema = z.strictObject({
  /** SHA-256 over type and value, its first 32 hexadecimal digits. */
  id: z.string().regex(/^[0-9a-f]{32}$/),
  type: z.enum(indicatorTypes),
  value: z.string().max(8_192),
  /** How the first session named it. */
  says: z.string().max(256),
  first: z.number().int(),
  last: z.number().int(),
  sessions: z.int().min(1),
  /** Labels of the sessions that gave it away. */
  labels: z.array(z.string().max(8)).max(16),
  /** Ids of the latest sessions that gave it away. */
  because: z.array(z.uuid()).min(1).max(16),
});
export type Indicator = z.infer<typeof indicatorSchema>;
