import { z } from 'zod';
import { defineEmulator, type Wire } from '../emulator.ts';
import { Fields, kinds, matches, type Packet, packet, readPacket, text, word } from '../mqtt/packets.ts';
import { retain, retained } from '../mqtt/topics.ts';
import { findDownloads } from './downloads.ts';

/** Subscriptions of one connection, filters of one packet, and how much of a message an event shows. */
const limits = { subscriptions: 128, filters: 64, shown: 4_096 } as const;
/** A message of this size or more is kept as a payload. */
const payloadSize = 4_096;

/** Mosquitto without a password file: any name and password gets in. MQTT 3.1, 3.1.1 and 5.0. */
export const mqtt = defineEmulator({
  name: 'mqtt',
  summary: 'MQTT broker that is open to all',
  port: 1883,
  highPort: 1883,
  options: z.strictObject({ version: z.string().max(32).default('2.0.11') }),

  // The client speaks first.
  greet: () => true,

  async session(wire, { version }) {
    try {
      const first = await readPacket(wire);
      if (!first || first.kind !== kinds.connect) return;
      const level = connected(wire, first);
      if (level) await converse(wire, level, version);
    } catch (error) {
      // A field beyond its packet: Mosquitto hangs up.
      if (!(error instanceof RangeError)) throw error;
    }
  },
});

/** CONNECT (§3.1): the protocol's level, or null where the client is refused. */
function connected(wire: Wire, { body }: Packet): number | null {
  const fields = new Fields(body);
  const name = fields.text();
  const level = fields.byte();
  if (name !== 'MQTT' && name !== 'MQIsdp') return null;
  if (name === 'MQIsdp' ? level !== 3 : level !== 4 && level !== 5) {
    wire.send(packet(kinds.connack, Buffer.from([0, 1])));
    return null;
  }
  const flags = fields.byte();
  const keepAlive = fields.word();
  if (level === 5) fields.properties();
  const client = fields.text();
  const will = { topic: '', payload: '' };
  if (flags & 4) {
    if (level === 5) fields.properties();
    will.topic = fields.text();
    will.payload = fields.text();
  }
  const user = flags & 128 ? fields.text() : '';
  const secret = flags & 64 ? fields.text() : '';
  wire.emit({
    kind: 'fingerprint',
    method: 'mqtt-client',
    value: client,
    detail: {
      level,
      keepAlive,
      clean: (flags & 2) !== 0,
      ...(will.topic ? { will: will.topic.slice(0, 512) } : {}),
    },
  });
  if (flags & 192) wire.emit({ kind: 'login', user, secret, ok: true, method: 'mqtt' });
  // A client without a name is let in where nothing of it is kept (§3.1.3.1).
  if (!client && (level === 3 || (level === 4 && !(flags & 2)))) {
    wire.send(packet(kinds.connack, Buffer.from([0, 2])));
    return null;
  }
  if (level < 5) wire.send(packet(kinds.connack, Buffer.from([0, 0])));
  else {
    const hex = Array.from({ length: 32 }, () => Math.floor(wire.random() * 16).toString(16))
      .join('')
      .toUpperCase();
    const own = `auto-${hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}`;
    const properties = Buffer.concat([
      Buffer.from([0x22, 0, 10]),
      ...(client ? [] : [Buffer.from([0x12]), text(own)]),
      Buffer.from([0x21, 0, 20]),
    ]);
    wire.send(packet(kinds.connack, Buffer.concat([Buffer.from([0, 0, properties.length]), properties])));
  }
  return level;
}

async function converse(wire: Wire, level: number, version: string): Promise<void> {
  const filters = new Set<string>();
  for (;;) {
    const next = await readPacket(wire);
    if (!next) return;
    const fields = new Fields(next.body);
    if (next.kind === kinds.pingreq) wire.send(packet(kinds.pingresp, Buffer.alloc(0)));
    else if (next.kind === kinds.publish) publish(wire, level, next, filters);
    else if (next.kind === kinds.pubrel && next.flags === 2)
      wire.send(packet(kinds.pubcomp, word(fields.word())));
    else if (next.kind === kinds.subscribe && next.flags === 2)
      subscribe(wire, level, fields, filters, version);
    else if (next.kind === kinds.unsubscribe && next.flags === 2) unsubscribe(wire, level, fields, filters);
    else if (next.kind !== kinds.puback && next.kind !== kinds.pubrec && next.kind !== kinds.pubcomp) return;
  }
}

function publish(wire: Wire, level: number, { flags, body }: Packet, filters: Set<string>): void {
  const fields = new Fields(body);
  const topic = fields.text();
  const quality = (flags >> 1) & 3;
  if (/[#+]/.test(topic) || quality === 3) throw new RangeError('a topic has no wildcards');
  const id = quality ? fields.word() : 0;
  if (level === 5) fields.properties();
  const payload = fields.rest;
  const said = payload.toString('latin1', 0, limits.shown);
  wire.emit({
    kind: 'command',
    input: `PUBLISH ${topic} ${said}`,
    ok: true,
    detail: { topic: topic.slice(0, 512), qos: quality, retain: (flags & 1) !== 0 },
  });
  for (const { url, tool } of findDownloads(said))
    if (tool !== 'url') wire.emit({ kind: 'download', url, tool });
  if (payload.length >= payloadSize)
    wire.emit({ kind: 'upload', ...wire.keep(payload), name: topic, detail: { how: 'publish' } });
  const heard = [...filters].some((filter) => matches(filter, topic));
  if (flags & 1) retain(wire, topic, payload.toString('latin1'));
  // To a client of version 5 it says that nobody listens (0x10).
  const reason = level === 5 && !heard ? Buffer.from([0x10]) : Buffer.alloc(0);
  if (quality === 1) wire.send(packet(kinds.puback, Buffer.concat([word(id), reason])));
  if (quality === 2) wire.send(packet(kinds.pubrec, Buffer.concat([word(id), reason])));
  if (heard) wire.send(message(level, topic, payload.toString('latin1'), 0));
}

const message = (level: number, topic: string, payload: string, retained: number) =>
  packet(
    kinds.publish,
    Buffer.concat([
      text(topic),
      level === 5 ? Buffer.from([0]) : Buffer.alloc(0),
      Buffer.from(payload, 'latin1'),
    ]),
    retained,
  );

function subscribe(wire: Wire, level: number, fields: Fields, filters: Set<string>, version: string): void {
  const id = fields.word();
  if (level === 5) fields.properties();
  const codes: number[] = [];
  const asked: string[] = [];
  while (fields.rest.length && codes.length < limits.filters) {
    const filter = fields.text();
    const quality = fields.byte() & 3;
    wire.emit({ kind: 'command', input: `SUBSCRIBE ${filter}`, ok: true, detail: { qos: quality } });
    const fits = filter !== '' && filters.size < limits.subscriptions && wellFormed(filter);
    if (!fits) throw new RangeError('no filter');
    filters.add(filter);
    asked.push(filter);
    codes.push(quality);
  }
  if (codes.length === 0) throw new RangeError('no filter');
  wire.send(
    packet(
      kinds.suback,
      Buffer.concat([word(id), level === 5 ? Buffer.from([0]) : Buffer.alloc(0), Buffer.from(codes)]),
    ),
  );
  for (const [topic, payload] of retained(wire, version))
    if (asked.some((filter) => matches(filter, topic))) wire.send(message(level, topic, payload, 1));
}

/** Wildcards stand for whole levels, `#` only for the last (§4.7.1). */
function wellFormed(filter: string): boolean {
  const levels = filter.split('/');
  return levels.every(
    (one, i) => !/[#+]/.test(one) || one === '+' || (one === '#' && i === levels.length - 1),
  );
}

function unsubscribe(wire: Wire, level: number, fields: Fields, filters: Set<string>): void {
  const id = fields.word();
  if (level === 5) fields.properties();
  const codes: number[] = [];
  while (fields.rest.length && codes.length < limits.filters)
    codes.push(filters.delete(fields.text()) ? 0 : 0x11);
  wire.send(
    packet(
      kinds.unsuback,
      Buffer.concat([word(id), level === 5 ? Buffer.from([0, ...codes]) : Buffer.alloc(0)]),
    ),
  );
}
