/** BSON (bsonspec.org, version 1.1): what a client may send, with caps, and what a server says. Text is one character a byte (latin1). */

export type Value =
  | string
  | number
  | bigint
  | boolean
  | null
  | Date
  | Buffer
  | Special
  | readonly Value[]
  | Doc
  | Fields;
export type Doc = Map<string, Value>;
/** Shorthand for what we write ourselves: names that are no numbers keep their order. */
export interface Fields {
  readonly [name: string]: Value;
}
export type Special =
  | { readonly $double: number }
  | { readonly $oid: string }
  | { readonly $raw: Buffer }
  | { readonly $regex: string }
  | { readonly $code: string }
  | { readonly $timestamp: bigint };

/** Depth is that of MongoDB; elements bound what one message costs. */
const limits = { depth: 180, elements: 20_000 } as const;

export class BsonError extends Error {}

export const double = (value: number): Special => ({ $double: value });
export const objectId = (hex: string): Special => ({ $oid: hex });
export const raw = (bytes: Buffer): Special => ({ $raw: bytes });

/** Reads the document that starts at `at`; throws `BsonError` where it is none. */
export function decode(bytes: Buffer, at = 0): { doc: Doc; end: number } {
  const reader = new Reader(bytes);
  reader.at = at;
  try {
    const doc = reader.document(0);
    return { doc, end: reader.at };
  } catch (error) {
    if (error instanceof RangeError) throw new BsonError('a value goes beyond its message');
    throw error;
  }
}

class Reader {
  at = 0;
  #elements = 0;
  readonly #bytes: Buffer;
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  document(depth: number): Doc {
    if (depth > limits.depth) throw new BsonError('too deep');
    const start = this.at;
    const size = this.#bytes.readInt32LE(start);
    if (size < 5 || start + size > this.#bytes.length) throw new BsonError('a size is wrong');
    this.at += 4;
    const doc: Doc = new Map();
    for (;;) {
      const type = this.#bytes.readUInt8(this.at++);
      if (type === 0) break;
      if (++this.#elements > limits.elements) throw new BsonError('too many elements');
      const name = this.#name();
      doc.set(name, this.#value(type, depth));
    }
    if (this.at !== start + size) throw new BsonError('a size is wrong');
    return doc;
  }

  #name(): string {
    const end = this.#bytes.indexOf(0, this.at);
    if (end < 0) throw new BsonError('a name has no end');
    const text = this.#bytes.toString('latin1', this.at, end);
    this.at = end + 1;
    return text;
  }

  #take(size: number): Buffer {
    if (size < 0 || this.at + size > this.#bytes.length) throw new BsonError('a size is wrong');
    this.at += size;
    return this.#bytes.subarray(this.at - size, this.at);
  }

  #text(): string {
    const size = this.#take(4).readInt32LE();
    if (size < 1) throw new BsonError('a size is wrong');
    return this.#take(size).toString('latin1', 0, size - 1);
  }

  #value(type: number, depth: number): Value {
    switch (type) {
      case 1:
        return this.#take(8).readDoubleLE();
      case 2:
      case 14:
        return this.#text();
      case 3:
        return this.document(depth + 1);
      case 4:
        return [...this.document(depth + 1).values()];
      case 5: {
        const size = this.#take(4).readInt32LE();
        this.at++;
        return this.#take(size);
      }
      case 6:
      case 10:
      case 127:
      case 255:
        return null;
      case 7:
        return objectId(this.#take(12).toString('hex'));
      case 8:
        return this.#take(1)[0] === 1;
      case 9: {
        const ms = Number(this.#take(8).readBigInt64LE());
        return Math.abs(ms) <= 8.64e15 ? new Date(ms) : null;
      }
      case 11:
        return { $regex: `/${this.#name()}/${this.#name()}` };
      case 13:
        return { $code: this.#text() };
      case 15: {
        this.#take(4);
        const code = this.#text();
        this.document(depth + 1);
        return { $code: code };
      }
      case 16:
        return this.#take(4).readInt32LE();
      case 17:
        return { $timestamp: this.#take(8).readBigUInt64LE() };
      case 18:
        return this.#take(8).readBigInt64LE();
      case 19:
        return this.#take(16);
      default:
        throw new BsonError('an unknown type');
    }
  }
}

/** A document's bytes: whole numbers as 32 bits where they fit, else 64; others as doubles. */
export function encode(doc: Doc | Fields): Buffer {
  const pieces: Buffer[] = [];
  let size = 5;
  for (const [name, value] of doc instanceof Map ? doc : Object.entries(doc)) {
    const [type, bytes] = element(value);
    const head = Buffer.from(`${String.fromCharCode(type)}${name}\0`, 'latin1');
    pieces.push(head, bytes);
    size += head.length + bytes.length;
  }
  const start = Buffer.alloc(4);
  start.writeInt32LE(size);
  return Buffer.concat([start, ...pieces, Buffer.alloc(1)]);
}

function element(value: Value): [number, Buffer] {
  if (value === null) return [10, Buffer.alloc(0)];
  if (typeof value === 'string') {
    const out = Buffer.alloc(value.length + 5);
    out.writeInt32LE(value.length + 1);
    out.write(value, 4, 'latin1');
    return [2, out];
  }
  if (typeof value === 'boolean') return [8, Buffer.from([value ? 1 : 0])];
  if (typeof value === 'number') {
    if (!Number.isInteger(value)) return [1, eight((out) => out.writeDoubleLE(value))];
    if (Math.abs(value) > 0x7fff_ffff) return [18, eight((out) => out.writeBigInt64LE(BigInt(value)))];
    const out = Buffer.alloc(4);
    out.writeInt32LE(value);
    return [16, out];
  }
  if (typeof value === 'bigint') return [18, eight((out) => out.writeBigInt64LE(value))];
  if (value instanceof Date) return [9, eight((out) => out.writeBigInt64LE(BigInt(value.getTime())))];
  if (Buffer.isBuffer(value)) {
    const head = Buffer.alloc(5);
    head.writeInt32LE(value.length);
    return [5, Buffer.concat([head, value])];
  }
  if (Array.isArray(value)) return [4, encode(new Map(value.map((one: Value, i) => [String(i), one])))];
  if (value instanceof Map) return [3, encode(value)];
  const special = value as Special & Fields;
  if ('$double' in special) return [1, eight((out) => out.writeDoubleLE(special.$double as number))];
  if ('$oid' in special) return [7, Buffer.from(special.$oid as string, 'hex')];
  if ('$raw' in special) return [3, special.$raw as Buffer];
  return [3, encode(value as Fields)];
}

function eight(write: (out: Buffer) => void): Buffer {
  const out = Buffer.alloc(8);
  write(out);
  return out;
}

/** A value as text much like the shell prints it, cut at `limit` characters. */
export function shown(value: Value, limit = 8_192): string {
  return JSON.stringify(plain(value, { left: limit })).slice(0, limit);
}

function plain(value: Value, room: { left: number }): unknown {
  if (room.left <= 0) return '…';
  if (typeof value === 'string') {
    room.left -= value.length;
    return value;
  }
  room.left -= 8;
  if (typeof value === 'bigint') return Number(value);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  if (Buffer.isBuffer(value)) return { $binary: value.toString('base64', 0, 256) };
  if (Array.isArray(value))
    return value.slice(0, Math.max(room.left, 0)).map((one: Value) => plain(one, room));
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return Object.fromEntries(entries.map(([name, one]) => [name, plain(one as Value, room)]));
}
