import { z } from 'zod';
import { limitsSchema } from './limits.ts';
import { kinds } from './personas/index.ts';

/** What one sensor is to run: its services with where they listen, all settled, as the supervisor takes it. */
export const planSchema = z.strictObject({
  /** What it pretends to be; one storage box where there is none. */
  machines: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(64).optional(),
        kind: z.enum(kinds.map(({ name }) => name)),
        hosts: z.array(z.union([z.ipv4(), z.ipv6()])).max(64),
        salt: z.string().max(64),
      }),
    )
    .max(128)
    .optional(),
  services: z
    .array(
      z.strictObject({
        emulator: z.string().max(64),
        host: z.union([z.ipv4(), z.ipv6()]),
        port: z.int().min(0).max(65_535),
        transport: z.enum(['tcp', 'udp']).default('tcp'),
        options: z.record(z.string(), z.unknown()),
        machine: z.int().min(0).max(127).default(0),
      }),
    )
    .max(4_096),
  limits: limitsSchema.prefault({}),
});
export type Plan = z.infer<typeof planSchema>;
