/** Bytes that are not what the protocol says. */
export class Malformed extends Error {}

/** Reads the data types of RFC 4251 §5 from a payload; throws `Malformed` where they do not fit. */
export class Reader {
  readonly bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  byte(): number {
    return this.#take(1)[0]!;
  }

  boolean(): boolean {
    return this.byte() !== 0;
  }

  uint32(): number {
    return this.#take(4).readUInt32BE(0);
  }

  uint64(): bigint {
    return this.#take(8).readBigUInt64BE(0);
  }

  string(): Buffer {
    return this.#take(this.uint32());
  }

  /** A string as text, one character a byte. */
  text(): string {
    return this.string().toString('latin1');
  }

  /** A name-list (RFC 4251 §5), empty where nothing is named. */
  names(): string[] {
    const text = this.text();
    return text === '' ? [] : text.split(',');
  }

  rest(): Buffer {
    return this.#take(this.left);
  }

  #take(size: number): Buffer {
    if (size > this.left) throw new Malformed('cut short');
    this.at += size;
    return this.bytes.subarray(this.at - size, this.at);
  }
}

export function byte(value: number): Buffer {
  return Buffer.from([value]);
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

/** A string: its length, then its bytes. Text goes out one byte a character. */
export function string(value: string | Uint8Array): Buffer {
  const size = value.length;
  const bytes = Buffer.allocUnsafe(4 + size);
  bytes.writeUInt32BE(size);
  if (typeof value === 'string') bytes.write(value, 4, 'latin1');
  else bytes.set(value, 4);
  return bytes;
}

/** An unsigned number as an mpint: no leading zeros, a zero byte where the first bit is set. */
export function mpint(value: Uint8Array): Buffer {
  let from = 0;
  while (from < value.length && value[from] === 0) from++;
  const body = value.subarray(from);
  return string(body.length && body[0]! & 0x80 ? Buffer.concat([byte(0), body]) : body);
}

/** A payload: numbers become a byte each, text and bytes become strings, buffers made by the functions above stay. */
export function message(type: number, ...parts: (Buffer | string | boolean)[]): Buffer {
  return Buffer.concat([
    byte(type),
    ...parts.map((part) =>
      typeof part === 'string' ? string(part) : typeof part === 'boolean' ? byte(Number(part)) : part,
    ),
  ]);
}
