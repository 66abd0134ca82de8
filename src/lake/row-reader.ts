import { readIp } from '../kit/ip.ts';
import type { Event } from '../model/event.ts';
import type { Origin } from './row-writer.ts';

/** Reads RowBinary rows back into events: for a restart, which shows the detectors what they had seen, and for checks. */
export function* readRows(
  bytes: Buffer,
): Generator<{ event: Event; origin: Origin; run: string; seq: number; end: number }> {
  let at = 0;
  const uint16 = () => {
    at += 2;
    return bytes.readUInt16LE(at - 2);
  };
  const uint32 = () => {
    at += 4;
    return bytes.readUInt32LE(at - 4);
  };
  const int64 = () => uint32() + uint32() * 0x1_0000_0000;
  const length = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]!;
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const string = (encoding: 'utf8' | 'latin1' = 'utf8') => {
    const size = length();
    at += size;
    return bytes.toString(encoding, at - size, at);
  };
  const uuid = () => {
    let digits = '';
    for (let i = 0; i < 16; i++) digits += bytes[at + (i ^ 7)]!.toString(16).padStart(2, '0');
    at += 16;
    return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`;
  };
  const address = () => {
    at += 16;
    return readIp(bytes, at - 16);
  };
  while (at < bytes.length) {
    const id = uuid();
    const time = int64();
    const arrived = int64();
    const run = string();
    const seq = int64();
    const head = {
      id,
      time,
      arrived,
      sensor: string(),
      session: string(),
      protocol: string(),
      transport: string(),
      handshake: string(),
      decoy: bytes[at++] === 1,
      src: { ip: address(), port: uint16() },
      dst: { ip: address(), port: uint16() },
    };
    const origin = { asn: uint32(), country: string() };
    const body = {
      kind: string(),
      user: string(),
      secret: string(),
      ok: bytes.readInt8(at++),
      method: string(),
      input: string(),
      target: string(),
      status: uint16(),
      url: string(),
      sha256: string(),
      size: int64(),
      rest: string(),
      raw: string('latin1'),
    };
    yield { event: { ...head, ...bodyOf(body) } as Event, origin, run, seq, end: at };
  }
}

type Fields = {
  kind: string;
  user: string;
  secret: string;
  ok: number;
  method: string;
  input: string;
  target: string;
  status: number;
  url: string;
  sha256: string;
  size: number;
  rest: string;
  raw: string;
};

/** Which columns a kind always has, empty or not; the others are there only where they hold something. */
const always: Record<string, readonly (keyof Fields)[]> = {
  login: ['user', 'secret'],
  command: ['input'],
  request: ['method', 'target', 'status'],
  upload: ['sha256', 'size'],
  download: ['url'],
  fingerprint: ['method'],
  data: ['size'],
  flow: ['size'],
  access: ['method', 'target', 'status', 'size'],
};

/** The body that these columns came from. */
export function bodyOf(fields: Fields): Record<string, unknown> {
  const { kind, ok, rest, ...others } = fields;
  const body: Record<string, unknown> = { kind };
  const needed = always[kind] ?? [];
  for (const [key, value] of Object.entries(others)) {
    if (value || needed.includes(key as keyof Fields)) body[key] = value;
  }
  if (ok >= 0) body.ok = ok === 1;
  return rest ? Object.assign(body, JSON.parse(rest)) : body;
}
