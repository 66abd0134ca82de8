import { fromHalf, toHalf } from './half.ts';

/** What a slice's numbers are: scaled beliefs of a pass, or beliefs as they came out in the end. */
const kinds = ['scaled', 'belief'] as const;
export const precisions = ['f32', 'f16'] as const;
export type Precision = (typeof precisions)[number];

/** A piece of a vector, as it goes over the bus. */
export interface Slice {
  kind: (typeof kinds)[number];
  run: string;
  pass: number;
  /** Position of its first number. */
  first: number;
  values: Float32Array;
}

/** No JSON text begins with it, so that orders may go on the same subject. */
const magic = 0xb5;
/** Magic, kind, precision, 0; pass, first, count as u32; 16 bytes of the run's UUID. All little-endian. */
const head = 32;

export function isSlice(data: Uint8Array): boolean {
  return data[0] === magic;
}

/** How many numbers of a precision fit into a message. */
export function sliceLength(bytes: number, precision: Precision): number {
  return Math.floor((bytes - head) / (precision === 'f32' ? 4 : 2));
}

export function packSlice({ kind, run, pass, first, values }: Slice, precision: Precision): Uint8Array {
  const wide = precision === 'f32';
  const data = Buffer.alloc(head + values.length * (wide ? 4 : 2));
  data[0] = magic;
  data[1] = kinds.indexOf(kind);
  data[2] = precisions.indexOf(precision);
  data.writeUInt32LE(pass, 4);
  data.writeUInt32LE(first, 8);
  data.writeUInt32LE(values.length, 12);
  data.write(run.replaceAll('-', ''), 16, 16, 'hex');
  if (wide) data.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), head);
  else for (let i = 0; i < values.length; i++) data.writeUInt16LE(toHalf(values[i]!), head + i * 2);
  return data;
}

/** Null where the bytes are no slice. */
export function unpackSlice(bytes: Uint8Array): Slice | null {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (data.length < head || data[0] !== magic) return null;
  const kind = kinds[data[1]!];
  const precision = precisions[data[2]!];
  const count = data.readUInt32LE(12);
  if (!kind || !precision || data.length !== head + count * (precision === 'f32' ? 4 : 2)) return null;
  const values = new Float32Array(count);
  if (precision === 'f32') new Uint8Array(values.buffer).set(data.subarray(head));
  else for (let i = 0; i < count; i++) values[i] = fromHalf(data.readUInt16LE(head + i * 2));
  const hex = data.toString('hex', 16, 32);
  const run = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join(
    '-',
  );
  return { kind, run, pass: data.readUInt32LE(4), first: data.readUInt32LE(8), values };
}
