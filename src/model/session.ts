import { z } from 'zod';
import { evidenceClassSchema } from './signal.ts';

/** Who seems to sit at the other end. */
export const actorKinds = ['automated', 'hands-on', 'agent', 'unclassified'] as const;
export const scopes = ['bulk', 'targeted', 'unclassified'] as const;
export const indicatorTypes = ['url', 'domain', 'ip', 'ip:port', 'hash', 'ssh-key'] as const;

const text = (limit: number) => z.string().max(limit);
const texts = (count: number, limit: number) => z.array(text(limit)).max(count).default([]);
const share = z.number().min(0).max(1);
const count = z.int().min(0);
const time = z.number().int();

/** An address, a file or a key that a session gave away. */
export const sessionIndicatorSchema = z.strictObject({
  type: z.enum(indicatorTypes),
  value: text(8_192),
  says: text(256),
  /** Ids of the events that it rests on. */
  because: z.array(z.uuid()).max(16).default([]),
});

/** What was made of one whole session. What is empty is left out where it is stored. */
export const sessionSchema = z.strictObject({
  /** UUIDv8 over the start and (sensor, session, first event): the same events are the same session. */
  id: z.uuid(),
  /** `live`, or the id of the import that brought it. */
  run: text(64),
  sensor: text(64),
  session: text(64),
  protocol: text(32),
  src: text(64),
  port: z.int().min(0).max(65_535).default(0),
  decoy: z.boolean(),
  start: time,
  end: time,
  ended: z.enum(['closed', 'idle', 'input-end', 'limit']),
  logins: count.default(0),
  commands: count.default(0),
  /** Events that did not fit the limits of a session, and were not looked at. */
  cut: count.default(0),
  /** Labels of the behaviours that it shows, the surest first. */
  labels: texts(64, 8),
  confidence: share.default(0),
  behaviours: z
    .array(
      z.strictObject({
        name: text(64),
        label: text(8),
        confidence: share,
        seen: count,
        of: count,
        cve: texts(8, 32),
        because: z.array(z.uuid()).max(64).default([]),
      }),
    )
    .max(64)
    .default([]),
  tool: text(128).nullable().default(null),
  campaign: text(128).nullable().default(null),
  intent: text(32).nullable().default(null),
  tactics: texts(16, 32),
  techniques: texts(128, 16),
  /** ATT&CK of single acts, by the event that told of them. */
  acts: z
    .array(z.strictObject({ event: z.uuid(), techniques: texts(16, 16), tactics: texts(16, 32) }))
    .max(64)
    .default([]),
  kind: z.enum(actorKinds).default('unclassified'),
  kindConfidence: share.default(0),
  kindReasons: texts(32, 512),
  scope: z.enum(scopes).default('unclassified'),
  scopeReasons: texts(8, 512),
  /** Addresses, sensors and sessions that the same sequence was seen from. */
  sources: count.default(0),
  sensors: count.default(0),
  sessions: count.default(0),
  sequence: z
    .strictObject({ value: text(32), distinct: count, chars: count })
    .nullable()
    .default(null),
  actor: text(64).nullable().default(null),
  indicators: z.array(sessionIndicatorSchema).max(128).default([]),
  /** By what the client's program is known: HASSH, JA3, JA4, keys, `http-headers` (the order of its headers). */
  fingerprints: z
    .array(z.strictObject({ method: text(32), value: text(4_096) }))
    .max(16)
    .default([]),
  /** What others can be recognised by that left or brought the same. */
  traces: z
    .strictObject({
      keys: texts(32, 4_096),
      payloads: texts(32, 64),
      hassh: text(4_096).default(''),
      credentials: texts(32, 8_193),
      entered: text(8_193).optional(),
      planted: texts(32, 8_193),
    })
    .prefault({}),
  /** How good the proof is: the weakest class of what it rests on. */
  evidence: evidenceClassSchema,
});
export type SessionRecord = z.infer<typeof sessionSchema>;
