import type { Wire } from '../emulator.ts';

/** Kinds of packets (MQTT 3.1.1 §2.2.1, MQTT 5.0 §2.1.2). */
export const kinds = {
  connect: 1,
  connack: 2,
  publish: 3,
  puback: 4,
  pubrec: 5,
  pubrel: 6,
  pubcomp: 7,
  subscribe: 8,
  suback: 9,
  unsubscribe: 10,
  unsuback: 11,
  pingreq: 12,
  pingresp: 13,
  disconnect: 14,
} as const;
/** The most that a packet may hold: MQTT would allow 256 MiB. */
const packetLimit = 262_144;

export interface Packet {
  kind: number;
  flags: number;
  body: Buffer;
}

/** The next packet; null once the peer has gone, undefined where it is none or too large. */
export async function readPacket(wire: Wire): Promise<Packet | null | undefined> {
  const first = await wire.bytes(1);
  if (first === null) return null;
  let size = 0;
  for (let i = 0; ; i++) {
    const next = await wire.bytes(1);
    if (next === null) return null;
    size += (next[0]! & 127) * 128 ** i;
    if (next[0]! < 128) break;
    if (i === 3) return undefined;
  }
  if (size > packetLimit) return undefined;
  const body = size ? await wire.bytes(size) : Buffer.alloc(0);
  return body && { kind: first[0]! >> 4, flags: first[0]! & 15, body };
}

/** A packet as it goes out. */
export function packet(kind: number, body: Buffer, flags = 0): Buffer {
  const head = [(kind << 4) | flags];
  let size = body.length;
  do {
    const more = size >= 128 ? 128 : 0;
    head.push((size & 127) | more);
    size >>= 7;
  } while (size);
  return Buffer.concat([Buffer.from(head), body]);
}

export const word = (value: number) => Buffer.from([(value >> 8) & 255, value & 255]);
export const text = (value: string) => Buffer.concat([word(value.length), Buffer.from(value, 'latin1')]);

/** Reads the fields of a packet; a `RangeError` says that one goes beyond it. */
export class Fields {
  at = 0;
  readonly body: Buffer;
  constructor(body: Buffer) {
    this.body = body;
  }

  get rest(): Buffer {
    return this.body.subarray(this.at);
  }

  byte(): number {
    return this.body.readUInt8(this.at++);
  }

  word(): number {
    this.at += 2;
    return this.body.readUInt16BE(this.at - 2);
  }

  bytes(): Buffer {
    const size = this.word();
    if (this.at + size > this.body.length) throw new RangeError('a field goes beyond its packet');
    this.at += size;
    return this.body.subarray(this.at - size, this.at);
  }

  /** One character a byte. */
  text(): string {
    return this.bytes().toString('latin1');
  }

  /** Properties of MQTT 5 (§2.2.2), which nothing here depends on. */
  properties(): void {
    let size = 0;
    for (let i = 0; i < 4; i++) {
      const next = this.byte();
      size += (next & 127) * 128 ** i;
      if (next < 128) break;
    }
    if (this.at + size > this.body.length) throw new RangeError('a field goes beyond its packet');
    this.at += size;
  }
}

/** Whether a filter such as `a/+/#` finds a topic (§4.7); wildcards do not find topics that begin with `$`. */
export function matches(filter: string, topic: string): boolean {
  if (topic.startsWith('$') && !filter.startsWith('$')) return false;
  const wanted = filter.split('/');
  const parts = topic.split('/');
  for (const [i, part] of wanted.entries()) {
    if (part === '#') return true;
    if (i >= parts.length || (part !== '+' && part !== parts[i])) return false;
  }
  return wanted.length === parts.length;
}
