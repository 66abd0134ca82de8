import type { Wire } from '../emulator.ts';

/** BER as LDAP uses it (RFC 4511 §5.1: definite lengths only). The most that one message may hold: slapd allows 256 KiB to strangers. */
const messageLimit = 262_143;
/** Elements that one message is read to, and how deep a filter may be. */
export const limits = { elements: 4_096, depth: 64 } as const;

export interface Element {
  tag: number;
  value: Buffer;
}

/** The next message's content; null once the peer has gone, undefined where it is no message of LDAP. */
export async function readMessage(wire: Wire): Promise<Buffer | null | undefined> {
  const head = await wire.bytes(1);
  if (head === null) return null;
  if (head[0] !== 0x30) return undefined;
  const first = await wire.bytes(1);
  if (first === null) return null;
  let size = first[0]!;
  if (size >= 128) {
    if (size === 128 || size > 132) return undefined;
    const more = await wire.bytes(size - 128);
    if (more === null) return null;
    size = more.readUIntBE(0, more.length);
  }
  if (size === 0 || size > messageLimit) return undefined;
  return wire.bytes(size);
}

/** The elements that lie one behind the other; a `RangeError` says that one goes beyond. */
export function elements(bytes: Buffer): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (found.length >= limits.elements) throw new RangeError('too many elements');
    const tag = bytes.readUInt8(at++);
    let size = bytes.readUInt8(at++);
    if (size >= 128) {
      const width = size - 128;
      if (width < 1 || width > 4) throw new RangeError('a length of no definite form');
      size = bytes.readUIntBE(at, width);
      at += width;
    }
    if (at + size > bytes.length) throw new RangeError('an element goes beyond its message');
    found.push({ tag, value: bytes.subarray(at, at + size) });
    at += size;
  }
  return found;
}

export const integerOf = ({ value }: Element) => {
  if (value.length < 1 || value.length > 4) throw new RangeError('no integer');
  return value.readIntBE(0, value.length);
};
export const textOf = (element: Element | undefined) => element?.value.toString('latin1') ?? '';

export function element(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const size = body.length;
  const length =
    size < 128
      ? [size]
      : size < 256
        ? [0x81, size]
        : size < 65_536
          ? [0x82, size >> 8, size & 255]
          : [0x83, size >> 16, (size >> 8) & 255, size & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}
export const octets = (text: string, tag = 4) => element(tag, Buffer.from(text, 'latin1'));
export const integer = (value: number, tag = 2) => {
  const bytes = [];
  for (let left = value; bytes.length === 0 || left > 0; left = Math.floor(left / 256))
    bytes.unshift(left & 255);
  if (bytes[0]! >= 128) bytes.unshift(0);
  return element(tag, Buffer.from(bytes));
};

/** A filter as text (RFC 4515), as far as it is of the usual kinds. */
export function filterText({ tag, value }: Element, depth = 0): string {
  if (depth > limits.depth) throw new RangeError('a filter is too deep');
  const parts = () => elements(value);
  if (tag === 0xa0 || tag === 0xa1)
    return `(${tag === 0xa0 ? '&' : '|'}${parts()
      .map((one) => filterText(one, depth + 1))
      .join('')})`;
  if (tag === 0xa2)
    return `(!${parts()
      .slice(0, 1)
      .map((one) => filterText(one, depth + 1))
      .join('')})`;
  if (tag === 0x87) return `(${value.toString('latin1')}=*)`;
  if (tag === 0xa4) {
    const [name, list] = parts();
    const pieces = list
      ? elements(list.value).map(
          (one) => `${one.tag === 0x80 ? '' : '*'}${textOf(one)}${one.tag === 0x82 ? '' : '*'}`,
        )
      : [];
    return `(${textOf(name)}=${pieces.join('').replaceAll('**', '*')})`;
  }
  const sign: Record<number, string> = { 163: '=', 165: '>=', 166: '<=', 168: '~=' };
  const [name, wanted] = parts();
  return `(${textOf(name)}${sign[tag] ?? '?'}${textOf(wanted)})`;
}
