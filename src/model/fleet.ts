import { z } from 'zod';

/** What a hub and its sensors say to each other: JSON lines over TLS, one protocol by name (RFC 7301) for each purpose. */
export const protocols = {
  /** One request and one answer; the only one without a certificate of the client's. */
  enrol: 'caltrop-enrol/1',
  /** Events: what `sensor/link.ts` speaks. */
  link: 'caltrop-link/1',
  /** Health one way, configuration the other. */
  control: 'caltrop-control/1',
  /** Payloads, one after the other, apart from events. */
  payload: 'caltrop-payload/1',
} as const;

/** The common name of the hub's certificate. No sensor can bear it: their names have no space. */
export const hubName = 'caltrop hub';

/** The longest line that either side takes, in characters. */
export const longestLine = 256 * 1024;

export const sensorName = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'letters, digits, dots, dashes and underscores, 64 at most');
const key = z.base64().max(1_024);

export const enrolRequest = z.strictObject({ secret: z.string().max(64), publicKey: key });
export const enrolAnswer = z.union([
  z.strictObject({ name: sensorName, certificate: z.string().max(8_192), configKey: key }),
  z.strictObject({ error: z.string().max(400) }),
]);

/** What a sensor says of itself every few seconds. Numbers and words of a compromised sensor are shown, and decide nothing. */
export const health = z.strictObject({
  version: z.string().max(32),
  /** The configuration that it runs, 0 for none. */
  config: z.int().min(0),
  running: z.boolean(),
  starts: z.int().min(0),
  services: z.int().min(0).max(65_535),
  /** Layers that keep the process in. */
  isolation: z.array(z.string().max(32)).max(8),
  counters: z.record(z.string().max(40), z.union([z.number(), z.boolean()])),
});
export type Health = z.infer<typeof health>;

/** From the sensor. */
export const upward = z.union([
  z.strictObject({ health }),
  /** Asks for a certificate with a new end. */
  z.strictObject({ renew: key }),
]);
export type Upward = z.infer<typeof upward>;

/** What a sensor has, by hash and size in bytes; the hub says from where on it wants it, or why not, and whether it had that hash. */
export const payloadOffer = z.strictObject({
  offer: z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/), size: z.int().min(0) }),
});
export const payloadAnswer = z.union([
  z.strictObject({ from: z.int().min(0) }),
  z.strictObject({ no: z.enum(['have', 'large', 'later']) }),
  z.strictObject({ kept: z.boolean() }),
]);
export type PayloadAnswer = z.infer<typeof payloadAnswer>;

/** A configuration, as text so that what was signed is what is read, and its Ed25519 signature. */
export const signedConfig = z.strictObject({
  text: z.string().max(longestLine / 2),
  signature: z.base64().max(128),
});
export type SignedConfig = z.infer<typeof signedConfig>;

/** To the sensor. */
export const downward = z.union([
  z.strictObject({ config: signedConfig }),
  z.strictObject({ certificate: z.string().max(8_192) }),
]);
export type Downward = z.infer<typeof downward>;

/** What a signed configuration says: for whom, the how-manieth, and what to run. */
export const configText = z.strictObject({
  sensor: sensorName,
  /** Only a higher one than that which is held is taken. */
  serial: z.int().positive(),
  plan: z.unknown(),
});

/** A sensor of the fleet, as the hub keeps it. */
export interface Member {
  name: string;
  invited: number;
  /** When it came, or null while its invitation is open. */
  enrolled: number | null;
  revoked: number | null;
  /** The number of its configuration, and what it is to run. */
  serial: number;
  plan: unknown;
}
