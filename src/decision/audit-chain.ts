import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** One line of the audit: who did what, chained to the line before by its hash. */
export const auditRecordSchema = z.strictObject({
  seq: z.int().min(1),
  /** In milliseconds since the epoch. */
  time: z.number(),
  actor: z.string(),
  action: z.string(),
  data: z.record(z.string(), z.unknown()),
  /** The hash of the record before; 64 zeros before the first. */
  prev: z.string().regex(/^[0-9a-f]{64}$/),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});
export type AuditRecord = z.infer<typeof auditRecordSchema>;

/** One place in the chain: a record's number and hash. */
export interface Place {
  seq: number;
  hash: string;
}

/**
 * The last record that was written, sealed with a key: whoever cuts lines off the end cannot make a head that fits. With it the
 * anchor: the last record that retention removed, and so the place where what is kept goes on.
 */
export interface Head extends Place {
  anchor: Place;
}

const nothing: Place = { seq: 0, hash: '0'.repeat(64) };
export const emptyHead: Head = { ...nothing, anchor: nothing };

/** SHA-256 over all fields but the hash, as a JSON array: one spelling, whatever the order of an object's keys. */
export function recordHash({ seq, time, actor, action, data, prev }: Omit<AuditRecord, 'hash'>): string {
  return createHash('sha256')
    .update(JSON.stringify([seq, time, actor, action, data, prev]))
    .digest('hex');
}

/** Reads one line and checks that it is whole and that its hash fits. Null where not. */
export function readRecord(line: string): AuditRecord | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  const record = auditRecordSchema.safeParse(value);
  return record.success && recordHash(record.data) === record.data.hash ? record.data : null;
}

const placeSchema = z.strictObject({ seq: z.int().min(0), hash: z.string() });
const headSchema = placeSchema.extend({ anchor: placeSchema.default(nothing), mac: z.string() });

export function headText(head: Head, key: Uint8Array): string {
  const { seq, hash, anchor } = head;
  const mac = seal(head, key).toString('hex');
  return `${JSON.stringify({ seq, hash, ...(anchor.seq > 0 && { anchor }), mac })}\n`;
}

/** The head, or null where it was not sealed with this key. */
export function readHead(text: string, key: Uint8Array): Head | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const head = headSchema.safeParse(value);
  if (!head.success) return null;
  const given = Buffer.from(head.data.mac, 'hex');
  const wanted = seal(head.data, key);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null;
  const { seq, hash, anchor } = head.data;
  return { seq, hash, anchor };
}

function seal({ seq, hash, anchor }: Head, key: Uint8Array): Buffer {
  const from = anchor.seq > 0 ? ` from ${anchor.seq} ${anchor.hash}` : '';
  return createHmac('sha256', key).update(`caltrop audit ${seq} ${hash}${from}`).digest();
}
