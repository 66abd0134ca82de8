/** IPP messages (RFC 8010 §3): groups of attributes, each a name and values under a tag, then a document. */

export const tag = {
  operation: 0x01,
  job: 0x02,
  end: 0x03,
  printer: 0x04,
  /** Of a group 0x05, of a value 0x12 (RFC 8010 §3.5). */
  rejected: 0x05,
  unsupported: 0x12,
  noValue: 0x13,
  integer: 0x21,
  boolean: 0x22,
  enum: 0x23,
  dateTime: 0x31,
  range: 0x33,
  text: 0x41,
  name: 0x42,
  keyword: 0x44,
  uri: 0x45,
  charset: 0x47,
  language: 0x48,
  mime: 0x49,
} as const;

/** One value: text for those that are text (one character a byte), a number, two, or bytes. */
export type Value = string | number | boolean | readonly [number, number] | Buffer | null;

export interface Attribute {
  name: string;
  tag: number;
  values: Value[];
}

export interface Group {
  tag: number;
  attributes: Attribute[];
}

export interface Message {
  version: [number, number];
  /** The operation of a request, the status of an answer. */
  code: number;
  id: number;
  groups: Group[];
}

/** Attributes of one message, and values of all of them. */
const limits = { attributes: 256, values: 1_024 } as const;

/** Reads a request; `end` is where its document begins. Null where it is none: cut off, too much, or of no form. */
export function decode(bytes: Buffer): { message: Message; end: number } | null {
  if (bytes.length < 9) return null;
  const message: Message = {
    version: [bytes[0]!, bytes[1]!],
    code: bytes.readUInt16BE(2),
    id: bytes.readUInt32BE(4),
    groups: [],
  };
  let at = 8;
  let attributes = 0;
  let values = 0;
  let group: Group | undefined;
  let last: Attribute | undefined;
  while (at < bytes.length) {
    const kind = bytes[at++]!;
    if (kind === tag.end) return { message, end: at };
    if (kind < 0x10) {
      group = { tag: kind, attributes: [] };
      message.groups.push(group);
      last = undefined;
      continue;
    }
    if (!group || at + 2 > bytes.length || ++values > limits.values) return null;
    const nameLength = bytes.readUInt16BE(at);
    at += 2;
    if (at + nameLength + 2 > bytes.length) return null;
    const name = bytes.toString('latin1', at, at + nameLength);
    at += nameLength;
    const length = bytes.readUInt16BE(at);
    at += 2;
    if (at + length > bytes.length) return null;
    const value = readValue(kind, bytes.subarray(at, at + length));
    at += length;
    if (nameLength > 0) {
      if (++attributes > limits.attributes) return null;
      last = { name, tag: kind, values: [value] };
      group.attributes.push(last);
    } else if (last) last.values.push(value);
    else return null;
  }
  return null;
}

function readValue(kind: number, bytes: Buffer): Value {
  if ((kind === tag.integer || kind === tag.enum) && bytes.length === 4) return bytes.readInt32BE(0);
  if (kind === tag.boolean && bytes.length === 1) return bytes[0] !== 0;
  if (kind === tag.range && bytes.length === 8) return [bytes.readInt32BE(0), bytes.readInt32BE(4)];
  if (kind >= 0x40 && kind < 0x60) return bytes.toString('latin1');
  return bytes.length === 0 ? null : Buffer.from(bytes);
}

/** The bytes of an answer. */
export function encode({ version, code, id, groups }: Message): Buffer {
  const head = Buffer.alloc(8);
  head[0] = version[0];
  head[1] = version[1];
  head.writeUInt16BE(code, 2);
  head.writeUInt32BE(id, 4);
  const parts: Buffer[] = [head];
  for (const group of groups) {
    parts.push(Buffer.from([group.tag]));
    for (const { name, tag: kind, values } of group.attributes)
      for (const [i, value] of values.entries()) {
        const bytes = bytesOf(value);
        const own = Buffer.from(i === 0 ? name : '', 'latin1');
        const lengths = Buffer.alloc(3);
        lengths[0] = kind;
        lengths.writeUInt16BE(own.length, 1);
        const size = Buffer.alloc(2);
        size.writeUInt16BE(bytes.length);
        parts.push(lengths, own, size, bytes);
      }
  }
  parts.push(Buffer.from([tag.end]));
  return Buffer.concat(parts);
}

function bytesOf(value: Value): Buffer {
  if (value === null) return Buffer.alloc(0);
  if (typeof value === 'string') return Buffer.from(value, 'latin1');
  if (typeof value === 'boolean') return Buffer.from([value ? 1 : 0]);
  if (Buffer.isBuffer(value)) return value;
  const numbers = typeof value === 'number' ? [value] : value;
  const bytes = Buffer.alloc(4 * numbers.length);
  for (const [i, one] of numbers.entries()) bytes.writeInt32BE(one, 4 * i);
  return bytes;
}

/** A date and time as RFC 2579 has them, in UTC. */
export function dateTime(ms: number): Buffer {
  const at = new Date(ms);
  const bytes = Buffer.alloc(11);
  bytes.writeUInt16BE(at.getUTCFullYear());
  bytes.set(
    [
      at.getUTCMonth() + 1,
      at.getUTCDate(),
      at.getUTCHours(),
      at.getUTCMinutes(),
      at.getUTCSeconds(),
      0,
      0x2b,
      0,
      0,
    ],
    2,
  );
  return bytes;
}

/** The first value of an attribute of the request, where it is text or a number. */
export function given({ groups }: Message, name: string): string | number | undefined {
  for (const { attributes } of groups) {
    const value = attributes.find((one) => one.name === name)?.values[0];
    if (typeof value === 'string' || typeof value === 'number') return value;
  }
  return undefined;
}
