/** Octets of a message's header (RFC 1035 §4.1.1). */
export const dnsHeader = 12;

/** Octets of a name at the most, with the lengths of its labels and the root (RFC 1035 §2.3.4). */
const nameLimit = 255;
/** Jumps that one name may take: more than its labels can need. */
const jumpLimit = 127;

/**
 * The labels of a name, one character a byte, and where what follows it begins. Null where it runs out of the message, is too
 * long, or uses a label type that there is none of. Pointers (RFC 1035 §4.1.4) are followed only where `compressed`, and only
 * backwards, so that they cannot loop.
 */
export function readName(
  bytes: Buffer,
  from: number,
  compressed = false,
): { labels: string[]; end: number } | null {
  const labels: string[] = [];
  let size = 1;
  let end = -1;
  let lowest = from;
  let jumps = 0;
  for (let at = from; at < bytes.length; ) {
    const length = bytes[at]!;
    if (length === 0) return { labels, end: end < 0 ? at + 1 : end };
    if (length >= 0xc0) {
      if (!compressed || at + 2 > bytes.length || ++jumps > jumpLimit) return null;
      const to = ((length & 0x3f) << 8) | bytes[at + 1]!;
      if (to >= lowest) return null;
      if (end < 0) end = at + 2;
      lowest = to;
      at = to;
      continue;
    }
    size += length + 1;
    if (length > 63 || at + 1 + length > bytes.length || size > nameLimit) return null;
    labels.push(bytes.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return null;
}

/** Record types by number (IANA, "DNS Parameters"), those that are met. */
const types: Record<number, string> = {
  1: 'A',
  2: 'NS',
  5: 'CNAME',
  6: 'SOA',
  12: 'PTR',
  13: 'HINFO',
  15: 'MX',
  16: 'TXT',
  28: 'AAAA',
  29: 'LOC',
  33: 'SRV',
  35: 'NAPTR',
  39: 'DNAME',
  43: 'DS',
  46: 'RRSIG',
  47: 'NSEC',
  48: 'DNSKEY',
  50: 'NSEC3',
  52: 'TLSA',
  64: 'SVCB',
  65: 'HTTPS',
  99: 'SPF',
  251: 'IXFR',
  252: 'AXFR',
  255: 'ANY',
  257: 'CAA',
};
const classes: Record<number, string> = { 1: 'IN', 3: 'CH', 4: 'HS', 255: 'ANY' };
/** RFC 1035 §4.1.1, RFC 2136 §2.2, RFC 6891 §9. */
const rcodes = [
  'NOERROR',
  'FORMERR',
  'SERVFAIL',
  'NXDOMAIN',
  'NOTIMP',
  'REFUSED',
  'YXDOMAIN',
  'YXRRSET',
  'NXRRSET',
  'NOTAUTH',
  'NOTZONE',
];

/** Mnemonics of a type, a class and a response code; unknown types and classes as RFC 3597 §5 has it. */
export const typeText = (type: number): string => types[type] ?? `TYPE${type}`;
export const classText = (wide: number): string => classes[wide] ?? `CLASS${wide}`;
export const rcodeText = (rcode: number): string => rcodes[rcode] ?? `RCODE${rcode}`;
