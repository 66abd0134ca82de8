import type { Value } from '../sql/expression.ts';
import { capability, extension, type Hello } from './handshake.ts';

/** Field types ("Column Definition"). */
export const fieldType = {
  long: 3,
  null: 6,
  longlong: 8,
  datetime: 12,
  newdecimal: 246,
  blob: 252,
  varString: 253,
  string: 254,
  double: 5,
} as const;

export interface Field {
  name: string;
  type: number;
  /** In bytes. */
  length: number;
  /** 63 is binary; undefined the connection's own. */
  charset?: number;
  flags?: number;
  decimals?: number;
  origin?: { schema: string; table: string; originalTable: string; name: string };
}

export type Answer =
  | { kind: 'ok'; affected?: number; warnings?: number; info?: string; status?: number; insertId?: number }
  | { kind: 'error'; code: number; state: string; text: string }
  | { kind: 'rows'; fields: Field[]; rows: Value[][]; status?: number };

/** What of the client's greeting decides how answers are written. */
export type Dialect = Pick<Hello, 'capabilities' | 'extensions' | 'charset'>;

const status = { autocommit: 2 } as const;

export function encode(answer: Answer, dialect: Dialect): Buffer[] {
  if (answer.kind === 'ok') return [okPacket(answer, 0)];
  if (answer.kind === 'error') return [errorPacket(answer)];
  const eof = !(dialect.capabilities & capability.deprecateEof);
  const state = answer.status ?? status.autocommit;
  const count = lenenc(answer.fields.length);
  const packets = [
    dialect.extensions & extension.cacheMetadata ? Buffer.concat([count, Buffer.from([1])]) : count,
  ];
  for (const field of answer.fields) packets.push(encodeField(field, dialect));
  if (eof) packets.push(eofPacket(state));
  for (const row of answer.rows) packets.push(Buffer.concat(row.map(encodeValue)));
  packets.push(eof ? eofPacket(state) : okPacket({ kind: 'ok', status: state }, 0xfe));
  return packets;
}

/** OK_Packet; also ends rows where EOF is no longer used. */
function okPacket(ok: Extract<Answer, { kind: 'ok' }>, header: number): Buffer {
  const tail = Buffer.alloc(4);
  tail.writeUInt16LE(ok.status ?? status.autocommit, 0);
  tail.writeUInt16LE(ok.warnings ?? 0, 2);
  const info = ok.info ? sized(ok.info) : Buffer.alloc(0);
  return Buffer.concat([
    Buffer.from([header]),
    lenenc(ok.affected ?? 0),
    lenenc(ok.insertId ?? 0),
    tail,
    info,
  ]);
}

export function errorPacket({ code, state, text }: { code: number; state: string; text: string }): Buffer {
  const head = Buffer.from([0xff, code & 0xff, code >> 8]);
  return Buffer.concat([head, Buffer.from(`${state ? `#${state}` : ''}${text}`, 'latin1')]);
}

export function eofPacket(state: number): Buffer {
  return Buffer.from([0xfe, 0, 0, state & 0xff, state >> 8]);
}

/** Protocol::ColumnDefinition41. */
export function encodeField(field: Field, { extensions, charset }: Dialect): Buffer {
  const { origin } = field;
  const tail = Buffer.alloc(13);
  tail[0] = 12;
  tail.writeUInt16LE(field.charset ?? charset, 1);
  tail.writeUInt32LE(field.length >>> 0, 3);
  tail[7] = field.type;
  tail.writeUInt16LE(field.flags ?? 0, 8);
  tail[10] = field.decimals ?? 0;
  return Buffer.concat([
    sized('def'),
    sized(origin?.schema ?? ''),
    sized(origin?.table ?? ''),
    sized(origin?.originalTable ?? ''),
    sized(field.name),
    sized(origin?.name ?? ''),
    ...(extensions & extension.extendedMetadata ? [sized('')] : []),
    tail,
  ]);
}

function encodeValue(value: Value): Buffer {
  if (value === null) return Buffer.from([0xfb]);
  return sized(typeof value === 'boolean' ? (value ? '1' : '0') : String(value));
}

export function sized(text: string): Buffer {
  return Buffer.concat([lenenc(text.length), Buffer.from(text, 'latin1')]);
}

function lenenc(value: number): Buffer {
  if (value < 0xfb) return Buffer.from([value]);
  if (value < 0x1_0000) return Buffer.from([0xfc, value & 0xff, value >> 8]);
  const bytes = Buffer.alloc(4);
  bytes[0] = 0xfd;
  bytes.writeUIntLE(value, 1, 3);
  return bytes;
}
