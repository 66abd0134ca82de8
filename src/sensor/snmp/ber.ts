/** One value of BER (X.690 §8.1): its tag and its content. */
export interface Value {
  tag: number;
  content: Buffer;
}

export const tags = { integer: 2, string: 4, none: 5, oid: 6, sequence: 0x30, timeTicks: 0x43 } as const;

/** The values that lie one after the other in these bytes, `limit` at most; null where they are no such thing. */
export function values(bytes: Buffer, limit: number): Value[] | null {
  const found: Value[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (found.length >= limit || at + 2 > bytes.length) return null;
    const tag = bytes[at]!;
    let length = bytes[at + 1]!;
    at += 2;
    if (length & 0x80) {
      const size = length & 0x7f;
      if (size === 0 || size > 4 || at + size > bytes.length) return null;
      length = bytes.readUIntBE(at, size);
      at += size;
    }
    if (at + length > bytes.length) return null;
    found.push({ tag, content: bytes.subarray(at, at + length) });
    at += length;
  }
  return found;
}

/** A signed integer of at most 4 bytes, or null. */
export function integer(value: Value | undefined): number | null {
  if (value?.tag !== tags.integer || value.content.length === 0 || value.content.length > 4) return null;
  return value.content.readIntBE(0, value.content.length);
}

const oidLimit = 128;

/** The numbers of an object identifier (X.690 §8.19), or null. SNMP allows 128 (RFC 3416 §4.1). */
export function oid(value: Value | undefined): number[] | null {
  if (value?.tag !== tags.oid) return null;
  const { content } = value;
  if (content.length === 0) return [0, 0];
  const numbers: number[] = [];
  let number = 0;
  for (const byte of content) {
    number = number * 128 + (byte & 0x7f);
    if (number > 0xffff_ffff + 80) return null;
    if (byte & 0x80) continue;
    if (numbers.length === 0) {
      const first = Math.min(2, Math.floor(number / 40));
      numbers.push(first, number - 40 * first);
    } else numbers.push(number);
    if (numbers.length > oidLimit) return null;
    number = 0;
  }
  return content.at(-1)! & 0x80 ? null : numbers;
}

export function put(tag: number, ...contents: Uint8Array[]): Buffer {
  const length = contents.reduce((sum, one) => sum + one.length, 0);
  const head =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), ...contents]);
}

/** An integer in as few bytes as hold its sign (X.690 §8.3); `tag` for types that are integers too. */
export function putInteger(value: number, tag: number = tags.integer): Buffer {
  const bytes = [value & 0xff];
  for (let rest = Math.floor(value / 256), low = bytes[0]!; ; rest = Math.floor(rest / 256)) {
    if ((rest === 0 && low < 0x80) || (rest === -1 && low >= 0x80)) break;
    low = rest & 0xff;
    bytes.unshift(low);
  }
  return put(tag, Buffer.from(bytes));
}

export function putOid(numbers: readonly number[]): Buffer {
  const [first = 0, second = 0, ...rest] = numbers;
  const bytes: number[] = [];
  for (const number of [first * 40 + second, ...rest]) {
    const digits = [number % 128];
    for (let left = Math.floor(number / 128); left > 0; left = Math.floor(left / 128))
      digits.unshift((left % 128) | 0x80);
    bytes.push(...digits);
  }
  return put(tags.oid, Buffer.from(bytes));
}
