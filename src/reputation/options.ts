import { z } from 'zod';

/** Names that were looked up, and where they stand. */
export const reputationOptions = z.strictObject({
  /** Of fewer clients than this that asked for a name it is not told that, how often or when they did. */
  leastClients: z.int().min(2).max(1_000).default(3),
  /** Files of sinkholes, parking and shared hosts of your own: kind, host, who, source, between tabs. */
  known: z
    .array(z.string().regex(/^\/.{1,4095}$/, 'an absolute path'))
    .max(16)
    .default([]),
});
