import { createRequire } from 'node:module';
import { Fault } from '../kit/fault.ts';
import { Ranges4, Ranges6 } from './address-ranges.ts';
import { eachLine } from './csv-lines.ts';

/** Who announces addresses and where they are registered. */
export interface AddressTables {
  asn4: Ranges4;
  asn6: Ranges6;
  country4: Ranges4;
  country6: Ranges6;
  /** The names of autonomous systems by their numbers. */
  names(): Map<number, string>;
}

const comma = 44;
const quote = 34;

/** Reads the tables from the installed packages: about a second of work. */
export function readAddressTables(): AddressTables {
  const names = new Map<number, string>();
  const asn4 = new Ranges4();
  const asn6 = new Ranges6();
  const country4 = new Ranges4();
  const country6 = new Ranges6();

  eachLine(file('asn', 'asn-ipv4-num.csv'), (bytes, from, to) => {
    const start = decimal(bytes, from, to);
    const end = decimal(bytes, next, to);
    const number = decimal(bytes, next, to);
    asn4.add(start, end, number);
    if (!names.has(number)) names.set(number, rest(bytes, next, to));
  });
  eachLine(file('asn', 'asn-ipv6.csv'), (bytes, from, to) => {
    const start = address(bytes, from, to);
    const end = address(bytes, next, to);
    const number = decimal(bytes, next, to);
    asn6.add(start, end, number);
    if (!names.has(number)) names.set(number, rest(bytes, next, to));
  });
  eachLine(file('geo-whois-asn-country', 'geo-whois-asn-country-ipv4-num.csv'), (bytes, from, to) => {
    const start = decimal(bytes, from, to);
    const end = decimal(bytes, next, to);
    country4.add(start, end, letters(bytes, next, to));
  });
  eachLine(file('geo-whois-asn-country', 'geo-whois-asn-country-ipv6.csv'), (bytes, from, to) => {
    const start = address(bytes, from, to);
    const end = address(bytes, next, to);
    country6.add(start, end, letters(bytes, next, to));
  });
  for (const table of [asn4, asn6, country4, country6]) table.seal();
  return { asn4, asn6, country4, country6, names: () => names };
}

/** Names the packages that are installed: what is made of others is not theirs. */
export function addressPackages(): string {
  const version = (of: string): string =>
    createRequire(import.meta.url)(`@ip-location-db/${of}/package.json`).version;
  return `asn ${version('asn')}, geo-whois-asn-country ${version('geo-whois-asn-country')}`;
}

function file(of: string, name: string): string {
  try {
    return createRequire(import.meta.url).resolve(`@ip-location-db/${of}/${name}`);
  } catch (cause) {
    throw new Fault(
      'unavailable',
      `The table ${name} of the package @ip-location-db/${of} is not installed: run npm ci.`,
      {
        cause,
      },
    );
  }
}

/** Where the field after the one just read begins. Only used between calls of the same line. */
let next = 0;

function decimal(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  let at = from;
  for (; at < to && bytes[at] !== comma; at++) {
    const digit = bytes[at]! - 48;
    if (!(digit >= 0 && digit <= 9))
      throw new SyntaxError('a table of addresses has a field that is no number');
    value = value * 10 + digit;
  }
  next = at + 1;
  return value;
}

function letters(bytes: Uint8Array, from: number, to: number): number {
  return to - from >= 2 ? bytes[from]! * 256 + bytes[from + 1]! : 0;
}

/** The name at the end of a line: quoted where it holds a comma, quotes within it doubled (RFC 4180 §2). */
function rest(bytes: Uint8Array, from: number, to: number): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.max(0, to - from))
    .toString('utf8')
    .trimEnd();
  return bytes[from] === quote ? text.slice(1, -1).replaceAll('""', '"') : text;
}

const parts = new Uint16Array(8);
const groups = new DataView(new ArrayBuffer(16));

/** An IPv6 address in hexadecimal groups with at most one `::` (RFC 4291 §2.2). */
function address(bytes: Uint8Array, from: number, to: number): bigint {
  let count = 0;
  let gap = -1;
  let value = 0;
  let digits = 0;
  let at = from;
  for (; at < to && bytes[at] !== comma; at++) {
    const byte = bytes[at]!;
    if (byte === 58) {
      if (digits > 0) parts[count++] = value;
      else if (at > from) gap = count;
      value = 0;
      digits = 0;
      continue;
    }
    const digit = byte <= 57 ? byte - 48 : (byte | 32) - 87;
    if (!(digit >= 0 && digit <= 15) || ++digits > 4 || count > 7)
      throw new SyntaxError('a table of addresses has a field that is no IPv6 address');
    value = value * 16 + digit;
  }
  if (digits > 0) parts[count++] = value;
  if (gap >= 0) {
    parts.copyWithin(8 - (count - gap), gap, count);
    parts.fill(0, gap, 8 - (count - gap));
  } else if (count !== 8) throw new SyntaxError('a table of addresses has a field that is no IPv6 address');
  next = at + 1;
  for (let i = 0; i < 8; i++) groups.setUint16(2 * i, parts[i]!);
  return (groups.getBigUint64(0) << 64n) | groups.getBigUint64(8);
}
