import { hostname } from 'node:os';
import { z } from 'zod';
import { auditLimits, decisionOptions } from './decision/index.ts';
import { enforcers } from './enforcement/enforcers/index.ts';
import { emulators } from './sensor/emulators/index.ts';
import { limitsSchema } from './sensor/limits.ts';

const port = z.int().min(0).max(65_535);
const day = 86_400_000;

/** One service of the sensor: its emulator's options, and where it listens. */
/** The services of a small storage box, which is what a sensor looks like unless told otherwise. */
const unnamed = new Set(['ssh', 'telnet', 'http', 'redis']);

const services = Object.fromEntries(
  emulators.map((emulator) => [
    emulator.name,
    z
      .strictObject({
        enabled: z.boolean().default(true),
        port: port.default(emulator.highPort),
        options: emulator.options.prefault({}),
      })
      // A service that is named runs. Of those that are not, only what one machine would have: more would give it away.
      .prefault(unnamed.has(emulator.name) ? {} : { enabled: false }),
  ]),
);

/** What a sensor runs, here or elsewhere in the fleet. */
export const sensorSettings = z.strictObject({
  /** Addresses to listen on. Loopback only, until you say otherwise. */
  bind: z
    .array(z.union([z.ipv4(), z.ipv6()]))
    .min(1)
    .max(64)
    .default(['127.0.0.1']),
  services: z.strictObject(services).prefault({}),
  limits: limitsSchema.prefault({}),
});

const sensor = z.strictObject({
  ...sensorSettings.shape,
  enabled: z.boolean().default(true),
  name: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/, 'letters, digits, dots, dashes and underscores, 64 at most')
    .default(
      hostname()
        .replace(/[^A-Za-z0-9._-]/g, '-')
        .slice(0, 64) || 'sensor',
    ),
});

const enforcement = z.strictObject(
  Object.fromEntries(
    enforcers.map((plugin) => [
      plugin.name,
      z
        .strictObject({ enabled: z.boolean().default(false), options: plugin.options.prefault({}) })
        .prefault({}),
    ]),
  ),
);

/** All settings, each with its default: an empty file runs, on loopback only, with enforcement simulated. */
export const configSchema = z.strictObject({
  /** `lab` lifts never-block for loopback other than 127.0.0.1; refused beside any public listener. */
  profile: z.enum(['standard', 'lab']).default('standard'),
  sensor: sensor.prefault({}),
  /** The port that sensors on other machines dial, once they have been invited. */
  fleet: z
    .strictObject({
      enabled: z.boolean().default(false),
      host: z.union([z.ipv4(), z.ipv6()]).default('127.0.0.1'),
      port: port.default(7701),
    })
    .prefault({}),
  /** How the roles reach each other where they run apart (`intake`, `analyse`, `serve`, `enforce`): NATS with JetStream. */
  bus: z
    .strictObject({
      /** `host:port`. None: everything runs in one place, with `up`. */
      servers: z.array(z.string().min(1).max(255)).max(16).default([]),
      user: z.string().optional(),
      password: z.string().optional(),
      token: z.string().optional(),
      tls: z
        .strictObject({
          caFile: z.string().optional(),
          certFile: z.string().optional(),
          keyFile: z.string().optional(),
        })
        .optional(),
      /** Keeps two systems on one server apart. */
      prefix: z
        .string()
        .regex(/^[a-z0-9-]{1,32}$/, 'lower-case letters, digits and dashes, 32 at most')
        .default('caltrop'),
      /** Into how many parts events are divided by their source; each is analysed in one place. The same for all roles. */
      shards: z.int().min(1).max(64).default(2),
      /** Hosts that enforce, by name. */
      enforcers: z
        .array(z.string().regex(/^[a-z0-9-]{1,63}$/, 'lower-case letters, digits and dashes'))
        .max(64)
        .default([]),
    })
    .prefault({}),
  intake: z
    .strictObject({
      /** When a segment goes to the lake: rows, bytes, and the age of its first event in milliseconds. */
      segmentRows: z.int().min(100).max(1_000_000).default(250_000),
      segmentBytes: z
        .int()
        .min(1_000_000)
        .default(256 * 1024 * 1024),
      segmentAgeMs: z.int().min(50).default(500),
      /** Whether networks and countries of addresses are looked up (in installed tables; nothing is asked of anyone). */
      enrich: z.boolean().default(true),
    })
    .prefault({}),
  lake: z
    .strictObject({
      /** A ClickHouse server; the embedded engine where absent. */
      url: z.url().optional(),
      user: z.string().optional(),
      password: z.string().optional(),
      database: z.string().optional(),
      retentionMs: z
        .int()
        .positive()
        .default(365 * day),
      /** Disk that events may take; the oldest weeks go first. */
      diskBytes: z
        .int()
        .positive()
        .default(50 * 1024 ** 3),
    })
    .prefault({}),
  state: z
    .strictObject({
      /** A PostgreSQL server; the embedded one where absent. */
      url: z
        .string()
        .regex(/^postgres(ql)?:\/\//, 'a postgres:// URL')
        .optional(),
      retentionMs: z
        .int()
        .positive()
        .default(365 * day),
      /** Disk that it may take, its write-ahead log left out; what replays left goes first, then the oldest that is over. */
      diskBytes: z
        .int()
        .positive()
        .default(5 * 1024 ** 3),
    })
    .prefault({}),
  analysis: z
    .strictObject({
      detectors: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
      /** A folder of rules of your own, beside the ones that come with Caltrop. */
      rules: z.string().optional(),
    })
    .prefault({}),
  decision: decisionOptions.prefault({}),
  audit: auditLimits.prefault({}),
  enforcement: enforcement.prefault({}),
  server: z
    .strictObject({
      host: z.union([z.ipv4(), z.ipv6()]).default('127.0.0.1'),
      port: port.default(7700),
      /** Names that browsers may use for this server, besides its address. */
      hosts: z.array(z.string()).max(16).default([]),
    })
    .prefault({}),
});
export type Config = z.infer<typeof configSchema>;
