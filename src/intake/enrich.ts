import { ipv4Number, writeIp } from '../kit/ip.ts';
import { loadAddressTables } from './address-file.ts';
import type { Ranges4, Ranges6 } from './address-ranges.ts';
import { readAddressTables } from './address-tables.ts';

/**
 * Who announces an address and where it is registered, from the installed packages `@ip-location-db/asn` and
 * `@ip-location-db/geo-whois-asn-country` (attribution in `NOTICE`). A country is the registry's word, not a place.
 */
export interface Enrichment {
  /** The autonomous system of a canonical address, or null where none is known. */
  asn(ip: string): { number: number; name: string } | null;
  /** ISO 3166-1 alpha-2, or empty where none is known. */
  country(ip: string): string;
  /** The number of an autonomous system alone, or 0. */
  asnOf(ip: string): number;
  /** The same without allocation: the number of an autonomous system, or 0, of 16 bytes as `writeIp` writes them. */
  asnNumber(bytes: Uint8Array, at?: number): number;
  /** The same without allocation: the two letters of a country, first letter · 256 + second letter, or 0. */
  countryCode(bytes: Uint8Array, at?: number): number;
  /** The name of an autonomous system, or empty. */
  asName(number: number): string;
  /** The text of a code that `countryCode` gave. */
  countryText(code: number): string;
}

/** Opens the tables: at once where the build compiled them, else in about a second. 35 MB. */
export function openEnrichment(): Enrichment {
  const { asn4, asn6, country4, country6, names } = loadAddressTables() ?? readAddressTables();
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
      return number === 0 ? null : { number, name: names().get(number) ?? '' };
    },
    asnOf: (ip) => findText(asn4, asn6, ip),
    country: (ip) => countryText(findText(country4, country6, ip)),
    asnNumber: (bytes, at = 0) => find(asn4, asn6, bytes, at),
    countryCode: (bytes, at = 0) => find(country4, country6, bytes, at),
    asName: (number) => names().get(number) ?? '',
    countryText,
  };
}

const word = (bytes: Uint8Array, at: number): number =>
  ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
