import { defineExport, keepOnly } from './export.ts';

/** Characters of a name as it is written (RFC 1035 §2.3.4, without the last dot). */
const nameLimit = 253;

/**
 * A Response Policy Zone (draft-vixie-dnsop-dns-rpz §4.1.1): `CNAME .` answers NXDOMAIN, for the name and for all under it. The
 * serial is the time in seconds, which grows as RFC 1982 wants it.
 */
export const rpz = defineExport({
  name: 'rpz',
  summary: 'Response Policy Zone for BIND, Unbound, Knot Resolver, PowerDNS',

  fit: (selection, { zone }) =>
    keepOnly(selection, 'too long for the zone', (name) => `*.${name}.${zone}`.length <= nameLimit),

  *write(names, { time, ttl, zone }) {
    const serial = Math.floor(time / 1_000) % 2 ** 32;
    yield `$TTL ${ttl}\n$ORIGIN ${zone}.\n`;
    yield `@ SOA localhost. hostmaster.localhost. ${serial} 3600 600 604800 ${ttl}\n@ NS localhost.\n`;
    for (const name of names) yield `${name} CNAME .\n*.${name} CNAME .\n`;
  },
});
