import { classText, dnsHeader, readName, typeText } from '../../kit/dns-wire.ts';

/** A query as it came (RFC 1035 §4.1). */
export interface Query {
  id: number;
  opcode: number;
  /** Recursion desired, checking disabled. */
  flags: number;
  /** Null where the message makes no sense: it is answered with a format error. */
  question: Question | null;
  edns: Edns | null;
}

export interface Question {
  labels: string[];
  type: number;
  class: number;
  /** As it stands in the message. */
  raw: Buffer;
}

export interface Edns {
  version: number;
  /** The client's cookie (RFC 7873), if it has one. */
  cookie: Buffer | null;
}

const optType = 41;
const cookieOption = 10;

/** Null where it is no query at all: too short, or an answer. */
export function readQuery(bytes: Buffer): Query | null {
  if (bytes.length < dnsHeader || bytes[2]! & 0x80) return null;
  const word = bytes.readUInt16BE(2);
  const query: Query = {
    id: bytes.readUInt16BE(0),
    opcode: (word >> 11) & 15,
    flags: word & 0x0110,
    question: null,
    edns: null,
  };
  if (bytes.readUInt16BE(4) !== 1) return query;
  const name = readName(bytes, dnsHeader);
  if (!name || name.end + 4 > bytes.length) return query;
  const end = name.end + 4;
  query.question = {
    labels: name.labels,
    type: bytes.readUInt16BE(name.end),
    class: bytes.readUInt16BE(name.end + 2),
    raw: bytes.subarray(dnsHeader, end),
  };
  // What a client adds besides is its EDNS record (RFC 6891 §6.1.2), as a rule alone.
  if (bytes.readUInt16BE(10) > 0 && bytes.readUInt32BE(6) === 0 && bytes.length >= end + 11)
    if (bytes[end] === 0 && bytes.readUInt16BE(end + 1) === optType)
      query.edns = { version: bytes[end + 6]!, cookie: cookieIn(bytes.subarray(end + 11)) };
  return query;
}

function cookieIn(options: Buffer): Buffer | null {
  for (let at = 0; at + 4 <= options.length; ) {
    const length = options.readUInt16BE(at + 2);
    if (options.readUInt16BE(at) === cookieOption && length >= 8 && at + 12 <= options.length)
      return options.subarray(at + 4, at + 12);
    at += 4 + length;
  }
  return null;
}

/** The question as `dig` writes it; unknown types and classes as RFC 3597 §5. */
export function questionText({ labels, type, class: wide }: Question): string {
  const name = labels.map((label) => label.replace(/[.\\]/g, '\\$&')).join('.');
  return `${name || '.'} ${classText(wide)} ${typeText(type)}`;
}
