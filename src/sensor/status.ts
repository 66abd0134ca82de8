import { z } from 'zod';
import { limitsSchema } from './limits.ts';

/** What the supervisor tells the sensor process at its start. */
export const sensorConfigSchema = z.strictObject({
  name: z.string().min(1).max(64),
  /** What it pretends to be; a seed is secret, and the same over restarts. */
  machines: z
    .array(z.strictObject({ name: z.string().min(1).max(64), kind: z.string(), seed: z.string().min(1) }))
    .min(1),
  spoolDir: z.string().min(1),
  payloadDir: z.string().min(1),
  limits: limitsSchema.prefault({}),
  services: z.array(
    z.strictObject({
      emulator: z.string(),
      options: z.record(z.string(), z.unknown()).prefault({}),
      /** Which of the machines it belongs to. */
      machine: z.int().min(0).default(0),
      /** Where it is, where it takes datagrams; listening sockets say it themselves. */
      datagramsAt: z.strictObject({ ip: z.string(), port: z.int().min(0).max(65_535) }).optional(),
    }),
  ),
});
export type SensorConfig = z.infer<typeof sensorConfigSchema>;

/** Messages to the sensor process; a `listen` or `connection` carries a handle. */
export type ToSensor =
  | { type: 'start'; config: z.input<typeof sensorConfigSchema> }
  | { type: 'listen'; service: number }
  | { type: 'connection'; service: number }
  | { type: 'stop' };

/** Messages from the sensor process. Counters are plain numbers since its start. */
export type FromSensor = { type: 'ready' } | { type: 'status'; counters: Record<string, number | boolean> };
