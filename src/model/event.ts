import { z } from 'zod';
import { canonicalIp } from '../kit/ip.ts';

/**
 * How sure it is that the source address is real and that the words are its own (`docs/decisions/0003`):
 * - `none`: nothing proves the source (UDP, a lone SYN, a refused flow);
 * - `relayed`: the connection is proven, but the bytes may be a third party's (HTTP spoken to another protocol's port);
 * - `established`: a TCP handshake with the source is proven;
 * - `authenticated`: the source also proved an identity that we knew.
 */
export const handshakes = ['none', 'relayed', 'established', 'authenticated'] as const;
export type Handshake = (typeof handshakes)[number];

export const transports = ['tcp', 'udp', 'icmp', 'other'] as const;
export type Transport = (typeof transports)[number];

const text = (limit: number) => z.string().max(limit);
const ip = z.string().refine((value) => canonicalIp(value) === value, 'an address in its canonical spelling');
const port = z.int().min(0).max(65_535);
const count = z.number().int().min(0);

/** Bound once at the door by the sensor or reader. Nothing that an attacker sends can change it. */
export const headSchema = z.strictObject({
  /** UUIDv7 from sensors; from readers UUIDv8 over event time and what was read. */
  id: z.uuid(),
  /** The event's own time, in milliseconds since the epoch. */
  time: count,
  /** When it reached us, in milliseconds since the epoch. */
  arrived: count,
  /** Who saw it: a sensor's name, or the source that a reader reads. */
  sensor: text(64),
  /** What joins the events of one connection; unique within the sensor. */
  session: text(64),
  protocol: text(32),
  transport: z.enum(transports),
  src: z.strictObject({ ip, port }),
  dst: z.strictObject({ ip, port }),
  handshake: z.enum(handshakes),
  /** True where the observer is a decoy: nobody has a reason to talk to it. */
  decoy: z.boolean(),
});
export type Head = z.infer<typeof headSchema>;

/** What is special to one protocol: a few small values by name. */
const detail = z.record(text(64), z.union([text(4_096), z.number(), z.boolean()])).optional();
/** The bytes that this event was read from, one character a byte (latin1), cut at the sensor's limit. */
const raw = text(65_536).optional();
const common = { detail, raw };

/** One record of a DNS answer. */
const record = z.strictObject({
  /** Whose it is, where that is not what the chain has come to: the name asked for, or the target of the alias before. */
  owner: text(253).optional(),
  /** A mnemonic, or `TYPE65280` (RFC 3597 §5); absent where the log does not tell. */
  type: text(16).optional(),
  /** An address; a name, of what points to one (CNAME, NS, PTR, MX, SRV, …: the name alone); else text. */
  data: text(1_024),
  /** In seconds. */
  ttl: z.int().min(0).max(0xffff_ffff).optional(),
});
export type DnsRecord = z.infer<typeof record>;

const bodies = {
  connect: z.strictObject({ kind: z.literal('connect'), ...common }),
  login: z.strictObject({
    kind: z.literal('login'),
    user: text(4_096),
    secret: text(4_096),
    ok: z.boolean(),
    method: text(32).optional(),
    ...common,
  }),
  command: z.strictObject({
    kind: z.literal('command'),
    input: text(65_536),
    ok: z.boolean().optional(),
    ...common,
  }),
  request: z.strictObject({
    kind: z.literal('request'),
    method: text(256),
    target: text(65_536),
    status: count,
    /** In the order and the case that they came in. */
    headers: z.array(z.tuple([text(8_192), text(65_536)])).max(256),
    /** The body's first bytes, one character a byte. */
    body: text(65_536).optional(),
    ...common,
  }),
  upload: z.strictObject({
    kind: z.literal('upload'),
    sha256: text(64),
    size: count,
    name: text(4_096).optional(),
    ...common,
  }),
  /** The attacker told us to fetch something. We record where from, and never go there. */
  download: z.strictObject({
    kind: z.literal('download'),
    url: text(8_192),
    tool: text(64).optional(),
    name: text(4_096).optional(),
    ...common,
  }),
  forward: z.strictObject({ kind: z.literal('forward'), host: text(1_024), port, ...common }),
  fingerprint: z.strictObject({
    kind: z.literal('fingerprint'),
    method: text(32),
    value: text(4_096),
    software: text(1_024).optional(),
    ...common,
  }),
  /** Bytes that fit no verb. */
  data: z.strictObject({ kind: z.literal('data'), size: count, sha256: text(64).optional(), ...common }),
  close: z.strictObject({
    kind: z.literal('close'),
    durationMs: count,
    received: count.optional(),
    sent: count.optional(),
    reason: text(64).optional(),
    ...common,
  }),
  /** One line of a flow log. */
  flow: z.strictObject({
    kind: z.literal('flow'),
    action: z.enum(['accept', 'reject']),
    packets: count,
    size: count,
    ...common,
  }),
  /** One line of a real server's access log. */
  access: z.strictObject({
    kind: z.literal('access'),
    method: text(256),
    target: text(65_536),
    status: count,
    size: count,
    agent: text(8_192).optional(),
    referer: text(8_192).optional(),
    ...common,
  }),
  /**
   * What was asked of a resolver, and what it said: `src` is who asked (0.0.0.0 where that is not told, as in passive DNS), `dst`
   * the resolver. Nothing of it is ever held against an address: `handshake` is `none`.
   */
  answer: z.strictObject({
    kind: z.literal('answer'),
    /** The name asked for, as `kit/domain-name.ts` keeps names. */
    name: text(253),
    type: text(16),
    /** In the order in which they stood; empty where the log tells of questions only, or nothing was found. */
    answers: z.array(record).max(256),
    /** `NOERROR`, `NXDOMAIN`, …; absent where the log does not tell. */
    rcode: text(16).optional(),
    /** How often it was asked, once where absent; 0 where another event has counted this question. */
    count: count.optional(),
    /** The span of what was put together, in milliseconds since the epoch; `time` is the last. */
    first: count.optional(),
    last: count.optional(),
    /** Records that are not in `answers`: no names, or too many. */
    unread: count.optional(),
    ...common,
  }),
  /**
   * A certificate that a TLS server (`dst`) showed to one of our own (`src`); of a log that tells of certificates alone, both are 0.0.0.0.
   * As with `answer`, nothing of it is held against an address.
   */
  certificate: z.strictObject({
    kind: z.literal('certificate'),
    /** The digest of all of it (DER): SHA-256, or SHA-1 where the log has no other. Lower case. */
    fingerprint: z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/),
    /** The name that the client asked for (RFC 6066 §3): the client's word, not the server's. */
    name: text(253).optional(),
    /** What the log found: whether the certificate is one of that name. */
    matches: z.boolean().optional(),
    /** Names that the certificate was made for, as far as the log tells; `*.` stands before what holds for one label more. */
    names: z.array(text(255)).max(256).optional(),
    ...common,
  }),
  /** One record of a cloud's audit log. */
  api: z.strictObject({
    kind: z.literal('api'),
    service: text(128),
    action: text(128),
    user: text(4_096).optional(),
    error: text(256).optional(),
    ...common,
  }),
};

/** The closed union of verbs, shared by every protocol. */
export const bodySchema = z.discriminatedUnion('kind', [
  bodies.connect,
  bodies.login,
  bodies.command,
  bodies.request,
  bodies.upload,
  bodies.download,
  bodies.forward,
  bodies.fingerprint,
  bodies.data,
  bodies.close,
  bodies.flow,
  bodies.access,
  bodies.answer,
  bodies.certificate,
  bodies.api,
]);
export type Body = z.infer<typeof bodySchema>;
export type Kind = Body['kind'];
export type BodyOf<K extends Kind> = Extract<Body, { kind: K }>;
export const kinds = Object.keys(bodies) as Kind[];
/** What resolvers and servers said to our own: held against nobody, so that no detector looks at it, and there is much of it. */
export const overheardKinds = ['answer', 'certificate'] as const satisfies readonly Kind[];

export type Event = Head & Body;
export type EventOf<K extends Kind> = Head & BodyOf<K>;

const headKeys = Object.keys(headSchema.shape) as (keyof Head)[];

/** Checks an event from outside: a spool, a journal, a file. Throws zod's error. */
export function parseEvent(value: unknown): Event {
  if (typeof value !== 'object' || value === null) throw new TypeError('an event is an object');
  const head: Record<string, unknown> = {};
  const body: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(value)) {
    if ((headKeys as string[]).includes(key)) head[key] = field;
    else body[key] = field;
  }
  return { ...headSchema.parse(head), ...bodySchema.parse(body) };
}
