import { typeText } from '../../../kit/dns-wire.ts';
import { normalName } from '../../../kit/domain-name.ts';
import { canonicalIp, isIpv4 } from '../../../kit/ip.ts';
import type { BodyOf, DnsRecord, Head } from '../../../model/event.ts';
import { type Reading, Reject } from '../../reader.ts';

export const notName = new Reject('the name that was asked for is no domain name');
const badType = new Reject('the record type is missing or is none');

/** Where a log does not say who asked, or whom. */
export const nowhere: Head['src'] = { ip: '0.0.0.0', port: 0 };
export const resolverPort = 53;

/** Records of one answer that are kept. */
const recordLimit = 256;
const textLimit = 1_024;
const ttlLimit = 0xffff_ffff;

/** Types whose data is a name, after these many words of something else. */
const names: Record<string, number> = {
  CNAME: 0,
  DNAME: 0,
  NS: 0,
  PTR: 0,
  SOA: 0,
  MX: 1,
  SRV: 3,
  SVCB: 1,
  HTTPS: 1,
};

/** A name that was asked for, in its normal form. Throws where it is none, and for the root. */
export function askedName(text: unknown): string {
  const name = typeof text === 'string' ? normalName(text) : null;
  if (name === null) throw notName;
  return name;
}

/** A record type as the logs write it: a mnemonic in either case, `*`, or a number in one of their words. */
export function recordType(value: unknown): string {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 65_536)
    return typeText(value);
  if (typeof value !== 'string') throw badType;
  if (value === '*') return 'ANY';
  const number = /^(?:TYPE|type=|query-|UNKNOWN_|unknown-)(\d{1,5})$/.exec(value)?.[1];
  if (number !== undefined && Number(number) < 65_536) return typeText(Number(number));
  const type = value.toUpperCase();
  if (!/^[A-Z][A-Z0-9-]{0,15}$/.test(type)) throw badType;
  return type;
}

/** A response code, or nothing where it is none. */
export function responseCode(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Za-z][A-Za-z0-9]{0,15}$/.test(value)
    ? value.toUpperCase()
    : undefined;
}

/** The records of one answer as they are read. What is no name where one must be, and what is over the limit, is counted. */
export class Records {
  readonly list: DnsRecord[] = [];
  unread = 0;
  #at: string;

  constructor(name: string) {
    this.#at = name;
  }

  /**
   * Adds the next record. Without a type it is told from the data and from what was asked for (`asked`): Zeek's log has no types.
   * `data` is in presentation format, `owner` as it was written.
   */
  add(given: { owner?: unknown; type?: string; asked?: string; data: string; ttl?: unknown }): void {
    const made = this.list.length < recordLimit ? read(given, this.#at) : null;
    if (made === null) {
      this.unread++;
      return;
    }
    if (made.type === 'CNAME') this.#at = made.data;
    this.list.push(made);
  }
}

function read(
  { owner, type, asked, data, ttl }: Parameters<Records['add']>[0],
  at: string,
): DnsRecord | null {
  const ip = canonicalIp(data);
  const told = type ?? (ip === null ? nameType(asked) : isIpv4(ip) ? 'A' : 'AAAA');
  const kept = told === undefined ? (ip ?? plain(data)) : dataOf(told, data, ip);
  if (kept === null) return null;
  const made: DnsRecord = { data: kept };
  if (told !== undefined) made.type = told;
  if (typeof owner === 'string') {
    const name = normalName(owner);
    if (name === null) return null;
    if (name !== at) made.owner = name;
  }
  const seconds = typeof ttl === 'string' && ttl !== '' ? Number(ttl) : ttl;
  if (typeof seconds === 'number' && seconds >= 0 && seconds <= ttlLimit) made.ttl = Math.floor(seconds);
  return made;
}

/** What a name is that answers a question for `asked`: where an address was wanted, an alias. */
function nameType(asked: string | undefined): string | undefined {
  if (asked === 'A' || asked === 'AAAA') return 'CNAME';
  return asked !== undefined && asked in names ? asked : undefined;
}

function dataOf(type: string, data: string, ip: string | null): string | null {
  if (type === 'A') return ip !== null && isIpv4(ip) ? ip : null;
  if (type === 'AAAA') return ip;
  const before = names[type];
  if (before === undefined) return plain(data);
  const words = before === 0 ? [data] : data.split(' ', 8);
  // Some logs leave out the preference: then the name stands alone.
  return normalName(words[words.length > before ? before : 0] ?? '');
}

const plain = (data: string): string => data.slice(0, textLimit);

/** The head that all answers share but for who asked whom: their sources prove nothing, also over TCP. */
export function answer(
  head: {
    time: number;
    session?: string;
    sensor?: string | undefined;
    transport?: Head['transport'];
    src?: Head['src'];
    dst?: Head['dst'];
  },
  body: Omit<BodyOf<'answer'>, 'kind' | 'answers' | 'unread'> & { records?: Records },
): Reading {
  const { records, name, type, rcode, count, first, last, detail } = body;
  const made: Reading = {
    time: head.time,
    session: head.session ?? '',
    protocol: 'dns',
    transport: head.transport ?? 'udp',
    src: head.src ?? nowhere,
    dst: head.dst ?? { ip: nowhere.ip, port: resolverPort },
    handshake: 'none',
    decoy: false,
    kind: 'answer',
    name,
    type,
    answers: records?.list ?? [],
  };
  if (rcode !== undefined) made.rcode = rcode;
  if (count !== undefined) made.count = count;
  if (first !== undefined) made.first = first;
  if (last !== undefined) made.last = last;
  if (records && records.unread > 0) made.unread = records.unread;
  if (detail !== undefined) made.detail = detail;
  if (head.sensor !== undefined) made.sensor = head.sensor;
  return made;
}
