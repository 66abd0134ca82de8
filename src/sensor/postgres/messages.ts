import type { Value } from '../sql/expression.ts';

/** A message with its type: byte, Int32 length including itself, body (PostgreSQL 15 documentation, §55.7). */
export function message(type: string, ...parts: (string | Buffer)[]): Buffer {
  const body = Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)),
  );
  const head = Buffer.alloc(5);
  head.write(type, 'latin1');
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value | 0);
  return bytes;
}

export function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value & 0xffff);
  return bytes;
}

export interface Field {
  name: string;
  type: number;
  size: number;
  table?: number;
  attribute?: number;
}

/** Types by OID (pg_type) and their sizes. */
export const types = {
  bool: [16, 1],
  bytea: [17, -1],
  name: [19, 64],
  int8: [20, 8],
  int4: [23, 4],
  text: [25, -1],
  oid: [26, 4],
  float8: [701, 8],
  inet: [869, -1],
  varchar: [1043, -1],
  timestamptz: [1184, 8],
  numeric: [1700, -1],
  void: [2278, 4],
} as const satisfies Record<string, readonly [number, number]>;
export type TypeName = keyof typeof types;

export function rowDescription(fields: Field[], formats: number[] = []): Buffer {
  return message(
    'T',
    int16(fields.length),
    ...fields.flatMap((field, index) => [
      `${field.name}\0`,
      int32(field.table ?? 0),
      int16(field.attribute ?? 0),
      int32(field.type),
      int16(field.size),
      int32(-1),
      int16(format(formats, index)),
    ]),
  );
}

export const format = (formats: number[], index: number) =>
  formats.length === 1 ? formats[0]! : (formats[index] ?? 0);

export function dataRow(row: Value[], fields: Field[], formats: number[] = []): Buffer {
  return message(
    'D',
    int16(row.length),
    ...row.flatMap((value, index) => {
      if (value === null) return [int32(-1)];
      const bytes =
        format(formats, index) === 1
          ? binary(value, fields[index]?.type ?? 25)
          : Buffer.from(shown(value), 'latin1');
      return [int32(bytes.length), bytes];
    }),
  );
}

/** A value in its text form. */
export function shown(value: Exclude<Value, null>): string {
  return typeof value === 'boolean' ? (value ? 't' : 'f') : String(value);
}

function binary(value: Exclude<Value, null>, type: number): Buffer {
  if (type === 16) return Buffer.from([value ? 1 : 0]);
  if (type === 23 || type === 26) return int32(Number(value));
  if (type === 20) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(BigInt(Math.trunc(Number(value) || 0)));
    return bytes;
  }
  if (type === 701) {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(Number(value));
    return bytes;
  }
  return Buffer.from(shown(value), 'latin1');
}

/** A complaint, with all that the server says of it: where in its own source, too (§55.8). */
export interface Complaint {
  severity?: 'ERROR' | 'FATAL' | 'NOTICE' | 'WARNING';
  code: string;
  text: string;
  detail?: string;
  hint?: string;
  position?: number;
  file: string;
  line: number;
  routine: string;
}

export function complaint(told: Complaint): Buffer {
  const severity = told.severity ?? 'ERROR';
  const fields = `S${severity}\0V${severity}\0C${told.code}\0M${told.text}\0${told.detail ? `D${told.detail}\0` : ''}${told.hint ? `H${told.hint}\0` : ''}${told.position ? `P${told.position}\0` : ''}F${told.file}\0L${told.line}\0R${told.routine}\0\0`;
  return message(severity === 'ERROR' || severity === 'FATAL' ? 'E' : 'N', fields);
}

/** What ends a statement with an error. */
export class Refusal extends Error {
  readonly told: Complaint;
  constructor(told: Complaint) {
    super(told.text);
    this.told = told;
  }
}
