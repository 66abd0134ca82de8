import { z } from 'zod';
import { limitsSchema } from './limits.ts';

/** What one sensor is to run: its services with where they listen, all settled, as the supervisor takes it. */
export const planSchema = z.strictObject({
  services: z
    .array(
      z.strictObject({
        emulator: z.string().max(64),
        host: z.union([z.ipv4(), z.ipv6()]),
        port: z.int().min(0).max(65_535),
        options: z.record(z.string(), z.unknown()),
      }),
    )
    .max(4_096),
  limits: limitsSchema.prefault({}),
});
export type Plan = z.infer<typeof planSchema>;
