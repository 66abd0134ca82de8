import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { writeIp } from '../kit/ip.ts';
import { openEnrichment } from './enrich.ts';

const enrichment = openEnrichment();
const table = (path: string) =>
  readFileSync(createRequire(import.meta.url).resolve(`@ip-location-db/${path}`), 'utf8')
    .trimEnd()
    .split('\n');

/** Every 997th line: enough to cross all parts of a table, few enough to be quick. */
const sample = (path: string) => table(path).filter((_, i) => i % 997 === 0);

describe('openEnrichment', () => {
  it('knows the systems of both ends of ranges', () => {
    for (const family of ['ipv4', 'ipv6'])
      for (const line of sample(`asn/asn-${family}.csv`)) {
        const [first = '', last = '', number] = line.split(',');
        expect(enrichment.asn(first)?.number, line).toBe(Number(number));
        expect(enrichment.asn(last)?.number, line).toBe(Number(number));
      }
  });

  it('knows the countries of nearly all ranges; smaller ones may lie within', () => {
    for (const family of ['ipv4', 'ipv6']) {
      const lines = sample(`geo-whois-asn-country/geo-whois-asn-country-${family}.csv`);
      const right = lines.filter((line) => {
        const [first = '', last = '', country] = line.split(',');
        return enrichment.country(first) === country && enrichment.country(last) === country;
      });
      expect(right.length / lines.length).toBeGreaterThan(0.97);
    }
  });

  it('says nothing of what lies in no range', () => {
    for (const ip of [
      '0.0.0.0',
      '10.0.0.1',
      '127.0.0.1',
      '255.255.255.255',
      '::',
      '::1',
      'fe80::1',
      'ffff::',
      'x',
    ]) {
      expect(enrichment.asn(ip), ip).toBeNull();
      expect(enrichment.country(ip), ip).toBe('');
    }
  });

  it('unquotes names', () => {
    const names = new Set(
      table('asn/asn-ipv4.csv')
        .slice(0, 5_000)
        .flatMap((line) => {
          const found = /^[^,]*,[^,]*,(\d+),"(.*)"$/.exec(line);
          return found ? [`${found[1]} ${found[2]!.replaceAll('""', '"')}`] : [];
        }),
    );
    expect(names.size).toBeGreaterThan(0);
    for (const name of names) {
      const at = name.indexOf(' ');
      expect(enrichment.asName(Number(name.slice(0, at)))).toBe(name.slice(at + 1));
    }
  });

  it('answers the same by bytes, IPv4 mapped', () => {
    const bytes = new Uint8Array(24);
    for (const ip of ['1.0.0.1', '8.8.8.8', '203.0.113.1', '2001:200::1', '2606:4700::1111', '10.1.1.1']) {
      writeIp(ip, bytes, 8);
      expect(enrichment.asnNumber(bytes, 8)).toBe(enrichment.asn(ip)?.number ?? 0);
      expect(enrichment.countryText(enrichment.countryCode(bytes, 8))).toBe(enrichment.country(ip));
    }
  });
});
