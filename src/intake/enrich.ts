import { createRequire } from 'node:module';
import { Fault } from '../kit/fault.ts';
import { ipv4Number, writeIp } from '../kit/ip.ts';
import { Ranges4, Ranges6 } from './address-ranges.ts';
import { eachLine } from './csv-lines.ts';

/**
 * Who announces an address and where it is registered, from the installed packages `@ip-location-db/asn` and
 * `@ip-location-db/geo-whois-asn-country` (attribution in `NOTICE`). A country is the registry's word, not a place.
 */
export interface Enrichment {
  /** The autonomous system of a canonical address, or null where none is known. */
  asn(ip: string): { number: number; name: string } | null;
  /** ISO 3166-1 alpha-2, or empty where none is known. */
  country(ip: string): string;
  /** The same without allocation: the number of an autonomous system, or 0, of 16 bytes as `writeIp` writes them. */
  asnNumber(bytes: Uint8Array, at?: number): number;
  /** The same without allocation: the two letters of a country, first letter · 256 + second letter, or 0. */
  countryCode(bytes: Uint8Array, at?: number): number;
  /** The name of an autonomous system, or empty. */
  asName(number: number): string;
  /** The text of a code that `countryCode` gave. */
  countryText(code: number): string;
}

const comma = 44;
const quote = 34;

/** Loads both tables: about half a second and 35 MB, once a process. */
export function openEnrichment(): Enrichment {
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

  const find = (v4: Ranges4, v6: Ranges6, bytes: Uint8Array, at: number): number => {
    const a = word(bytes, at);
    const b = word(bytes, at + 4);
    const c = word(bytes, at + 8);
    const d = word(bytes, at + 12);
    return a === 0 && b === 0 && c === 0xffff ? v4.get(d) : v6.get(a, b, c, d);
  };
  const scratch = new Uint8Array(16);
  const findText = (v4: Ranges4, v6: Ranges6, ip: string): number => {
    const number = ipv4Number(ip);
    if (number >= 0) return v4.get(number);
    return writeIp(ip, scratch) ? find(v4, v6, scratch, 0) : 0;
  };
  const countryTexts = new Map<number, string>([[0, '']]);
  const countryText = (code: number): string => {
    let text = countryTexts.get(code);
    if (text === undefined) {
      text = String.fromCharCode(code >> 8, code & 255);
      countryTexts.set(code, text);
    }
    return text;
  };

  return {
    asn(ip) {
      const number = findText(asn4, asn6, ip);
      return number === 0 ? null : { number, name: names.get(number) ?? '' };
    },
    country: (ip) => countryText(findText(country4, country6, ip)),
    asnNumber: (bytes, at = 0) => find(asn4, asn6, bytes, at),
    countryCode: (bytes, at = 0) => find(country4, country6, bytes, at),
    asName: (number) => names.get(number) ?? '',
    countryText,
  };
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

const word = (bytes: Uint8Array, at: number): number =>
  ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;

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
