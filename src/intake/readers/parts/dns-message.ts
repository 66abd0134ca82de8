import { dnsHeader, rcodeText, readName, typeText } from '../../../kit/dns-wire.ts';
import { normalName } from '../../../kit/domain-name.ts';
import { readIp } from '../../../kit/ip.ts';
import { Reject } from '../../reader.ts';
import { notName, Records } from './dns.ts';

const notMessage = new Reject('not a DNS response');

/** What a response says (RFC 1035 §4.1). */
export interface Response {
  name: string;
  type: string;
  rcode: string;
  records: Records;
}

/** Where the name stands in the data, after these many octets, in types that have one. */
const nameAt: Record<string, number> = {
  NS: 0,
  CNAME: 0,
  SOA: 0,
  PTR: 0,
  DNAME: 0,
  MX: 2,
  SVCB: 2,
  HTTPS: 2,
  SRV: 6,
};
/** Octets of other data that are shown. */
const otherLimit = 256;

/**
 * The answer section of a response, and from the authority section the name servers of zones above what was asked for or led to; not
 * those of a top-level domain, which a root tells with each referral. Null for what asks nothing of the Internet's names: other classes and opcodes. Records that
 * the message is cut off in are counted as unread.
 */
export function readResponse(bytes: Buffer): Response | null {
  if (bytes.length < dnsHeader || bytes[2]! < 0x80) throw notMessage;
  const questions = bytes.readUInt16BE(4);
  if (((bytes[2]! >> 3) & 15) !== 0) return null;
  const question = questions === 1 ? readName(bytes, dnsHeader) : null;
  if (question === null || question.end + 4 > bytes.length) throw notMessage;
  if (bytes.readUInt16BE(question.end + 2) !== 1) return null;
  const name = normalName(nameText(question.labels));
  if (name === null) throw notName;
  const records = new Records(name);
  const count = bytes.readUInt16BE(6);
  let at = question.end + 4;
  for (let i = 0; i < count; i++) {
    const record = readRecord(bytes, at);
    if (record === null) {
      records.unread += count - i;
      at = bytes.length;
      break;
    }
    records.add(record);
    at = record.end;
  }
  const asked = [name, ...records.list.flatMap(({ type, data }) => (type === 'CNAME' ? data : []))];
  for (let left = bytes.readUInt16BE(8); left > 0; left--) {
    const record = readRecord(bytes, at);
    if (record === null) break;
    at = record.end;
    if (record.type === 'NS' && isZoneOf(record.owner, asked)) records.add(record);
  }
  return {
    name,
    type: typeText(bytes.readUInt16BE(question.end)),
    rcode: rcodeText(bytes[3]! & 15),
    records,
  };
}

/** Whether a zone of two labels at least has one of the names in it. */
function isZoneOf(owner: string, names: readonly string[]): boolean {
  const zone = owner.toLowerCase();
  return zone.includes('.') && names.some((name) => name === zone || name.endsWith(`.${zone}`));
}

/** One record, and where the next begins; null where it is not all there. */
function readRecord(bytes: Buffer, from: number) {
  const owner = readName(bytes, from, true);
  if (owner === null || owner.end + 10 > bytes.length) return null;
  const type = typeText(bytes.readUInt16BE(owner.end));
  const ttl = bytes.readUInt32BE(owner.end + 4);
  const at = owner.end + 10;
  const end = at + bytes.readUInt16BE(owner.end + 8);
  if (end > bytes.length) return null;
  return {
    end,
    owner: nameText(owner.labels),
    type,
    data: dataText(bytes, type, at, end, owner.labels),
    // RFC 2181 §8: with the highest bit, it is none.
    ttl: ttl > 0x7fff_ffff ? 0 : ttl,
  };
}

function dataText(bytes: Buffer, type: string, at: number, end: number, owner: string[]): string {
  if (type === 'A' && end - at === 4)
    return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;
  if (type === 'AAAA' && end - at === 16) return readIp(bytes, at);
  const before = nameAt[type];
  if (before !== undefined) {
    const name = at + before < end ? readName(bytes, at + before, true) : null;
    // RFC 9460 §2.5: the root stands for the owner.
    const own = name?.labels.length === 0 && (type === 'SVCB' || type === 'HTTPS');
    return name === null || name.end > end ? '' : nameText(own ? owner : name.labels);
  }
  if (type === 'TXT' || type === 'SPF') return strings(bytes, at, end);
  return `\\# ${end - at} ${bytes.toString('hex', at, Math.min(end, at + otherLimit))}`;
}

/** Character strings (RFC 1035 §3.3.14), joined. */
function strings(bytes: Buffer, from: number, end: number): string {
  let text = '';
  for (let at = from; at < end; at += 1 + bytes[at]!)
    text += bytes.toString('latin1', at + 1, Math.min(end, at + 1 + bytes[at]!));
  return text;
}

/** Labels as one name, with a backslash where one has what cannot stand in a name of ours, so that it is none. */
const nameText = (labels: string[]): string =>
  labels.map((label) => label.replace(/[^\x21-\x2d\x2f-\x5b\x5d-\x7e]/g, '\\')).join('.');
