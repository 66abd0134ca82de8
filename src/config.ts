import { hostname } from 'node:os';
import { z } from 'zod';
import { auditLimits, decisionOptions } from './decision/index.ts';
import { enforcers } from './enforcement/enforcers/index.ts';
import { lineReaders } from './intake/readers/index.ts';
import { feedsOptions } from './intel/index.ts';
import { budget } from './kit/budget.ts';
import { reputationOptions } from './reputation/options.ts';
import { emulators } from './sensor/emulators/index.ts';
import { layoutOf, portsIn, type SensorSettings } from './sensor/layout.ts';
import { limitsSchema } from './sensor/limits.ts';
import { kinds } from './sensor/personas/index.ts';
import { defaultKind } from './sensor/personas.ts';
import { listenLimit, portsSchema } from './sensor/ports.ts';

const port = z.int().min(0).max(65_535);
/** Addresses that one sensor may wear machines of their own on. */
const addressLimit = 64;

/** One service of the sensor: its emulator's options, and where it listens. */
const services = z.strictObject(
  Object.fromEntries(
    emulators.map((emulator) => [
      emulator.name,
      z
        .strictObject({
          enabled: z.boolean().default(true),
          /** A port, a range, or a list of both. */
          port: portsSchema.default(emulator.highPort),
          options: emulator.options.prefault({}),
        })
        // A service that is named runs. Of those that are not, only what the persona has: more would give it away.
        .prefault({ enabled: false }),
    ]),
  ),
);

const persona = z.enum(kinds.map(({ name }) => name)).default(defaultKind);
const name = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'letters, digits, dots, dashes and underscores, 64 at most');
const ip = z.union([z.ipv4(), z.ipv6()]);

const settings = z.strictObject({
  /** What it pretends to be: decides which services run, and what they say. */
  persona,
  /** Addresses that all show this one machine. Loopback only, until you say otherwise. */
  bind: z.array(ip).max(addressLimit).default(['127.0.0.1']),
  /** Whether services that name no port take the one of the real thing, or one that needs no privileges. */
  ports: z.enum(['high', 'real']).default('high'),
  services: services.prefault({}),
  /** Addresses that each show a machine of their own. */
  addresses: z
    .array(z.strictObject({ ip, name: name.optional(), persona, services: services.prefault({}) }))
    .max(addressLimit)
    .default([]),
  limits: limitsSchema.prefault({}),
});

/** What a sensor runs, here or elsewhere in the fleet. */
export const sensorSettings = z.preprocess(dress, settings.superRefine(refuseClashes));

const sensor = z.preprocess(
  dress,
  settings
    .extend({
      enabled: z.boolean().default(true),
      name: name.default(
        hostname()
          .replace(/[^A-Za-z0-9._-]/g, '-')
          .slice(0, 64) || 'sensor',
      ),
    })
    .superRefine(refuseClashes),
);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Puts the services of each persona where the file names none, or not all of their settings. What is named stands. */
function dress(input: unknown): unknown {
  if (!isRecord(input)) return input;
  const real = input.ports === 'real';
  const addresses = Array.isArray(input.addresses)
    ? input.addresses.map((one: unknown) => dressOne(one, real))
    : input.addresses;
  const several = Array.isArray(addresses) && addresses.length > 0;
  return {
    // Who gives each address its own machine does not mean loopback besides.
    ...(input.bind === undefined && several ? { bind: [] } : {}),
    ...dressOne(input, real),
    ...(addresses === undefined ? {} : { addresses }),
  };
}

function dressOne<T>(input: T, real: boolean): T {
  if (!isRecord(input)) return input;
  const kind = kinds.find(({ name }) => name === (input.persona ?? defaultKind));
  const named = input.services ?? {};
  if (!kind || !isRecord(named)) return input;
  const dressed: Record<string, unknown> = {};
  for (const emulator of emulators) {
    const own = kind.services.find((one) => one.emulator === emulator.name);
    const given = named[emulator.name] ?? (own ? {} : undefined);
    if (given === undefined) continue;
    if (!isRecord(given)) {
      dressed[emulator.name] = given;
      continue;
    }
    const ports = real ? (own?.ports ?? [emulator.port]) : (own?.highPorts ?? [emulator.highPort]);
    const options = given.options ?? {};
    dressed[emulator.name] = {
      port: ports.length === 1 ? ports[0] : ports,
      ...given,
      options: isRecord(options) ? { ...own?.options, ...options } : options,
    };
  }
  return { ...input, services: { ...named, ...dressed } };
}

function refuseClashes(sensor: SensorSettings, context: z.RefinementCtx): void {
  const refuse = (path: (string | number)[], message: string) =>
    context.addIssue({ code: 'custom', path, message });
  if (sensor.bind.length + sensor.addresses.length === 0) refuse(['bind'], 'at least one address');
  const seen = new Set(sensor.bind);
  for (const [i, one] of sensor.addresses.entries()) {
    if (seen.has(one.ip)) refuse(['addresses', i, 'ip'], 'an address that is not named before');
    seen.add(one.ip);
  }
  for (const [path, { services }] of [
    [[], sensor],
    ...sensor.addresses.map((one, i) => [['addresses', i], one]),
  ] as [(string | number)[], Pick<SensorSettings, 'services'>][]) {
    const taken = new Map<string, string>();
    for (const { emulator, port, transport } of portsIn(services)) {
      const other = port === 0 ? undefined : taken.get(`${transport}/${port}`);
      if (other)
        refuse([...path, 'services', emulator, 'port'], `a port other than ${port}, which ${other} has`);
      else taken.set(`${transport}/${port}`, emulator);
    }
  }
  if (layoutOf(sensor).listening.length > listenLimit)
    refuse(['services'], `at most ${listenLimit} ports on all addresses together`);
}

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

/** Log files that are read on at a time. */
const followLimit = 64;

/** A log file that is read on as it grows. */
const followed = z.strictObject({
  path: z.string().regex(/^\/.{1,4095}$/, 'an absolute path'),
  format: z.enum(lineReaders.map((reader) => reader.name)),
  /** What the source is called in events; the file's own name where not given. */
  name: name.optional(),
  /** Where a file is begun that was never read before: what stands in it is old, and live events are decided upon. */
  from: z.enum(['end', 'start']).default('end'),
});

/** Where resolvers may bring dnstap: nowhere, until a socket or a port is named. */
const tap = z.strictObject({
  name: name.default('dnstap'),
  /** A Unix socket's path. */
  socket: z
    .string()
    .regex(/^\/.{1,99}$/, 'an absolute path of 100 characters at most')
    .optional(),
  /** Whether the group of its file may connect to it, besides our own user. */
  group: z.boolean().default(false),
  host: ip.default('127.0.0.1'),
  port: port.optional(),
});

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
      /** Hosts that spread belief over a graph of names that one machine cannot hold, by name. */
      propagators: z
        .array(z.string().regex(/^(?!coordinator$)[a-z0-9-]{1,63}$/, 'lower-case letters, digits and dashes'))
        .max(1_024)
        .refine((names) => new Set(names).size === names.length, 'each name once')
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
      follow: z
        .array(followed)
        .max(followLimit)
        .refine((files) => new Set(files.map(({ path }) => path)).size === files.length, 'each path once')
        .default([]),
      dnstap: tap.prefault({}),
    })
    .prefault({}),
  lake: z
    .strictObject({
      /** A ClickHouse server; the embedded engine where absent. */
      url: z.url().optional(),
      user: z.string().optional(),
      password: z.string().optional(),
      database: z.string().optional(),
      /** Where there is too little disk, the oldest weeks go first. */
      ...budget(365, 50),
    })
    .prefault({}),
  state: z
    .strictObject({
      /** A PostgreSQL server; the embedded one where absent. */
      url: z
        .string()
        .regex(/^postgres(ql)?:\/\//, 'a postgres:// URL')
        .optional(),
      /** Its write-ahead log is not counted. What replays left goes first, then the oldest that is over. */
      ...budget(365, 5),
    })
    .prefault({}),
  analysis: z
    .strictObject({
      detectors: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
      /** A folder of rules of your own, beside the ones that come with Caltrop. */
      rules: z.string().optional(),
    })
    .prefault({}),
  feeds: feedsOptions.prefault({}),
  reputation: reputationOptions.prefault({}),
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
