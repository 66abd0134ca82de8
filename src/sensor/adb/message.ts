import type { Wire } from '../emulator.ts';

/** One message of the ADB transport (AOSP `packages/modules/adb/protocol.txt`): six little-endian words, then data. */
export interface Message {
  command: string;
  arg0: number;
  arg1: number;
  data: Buffer;
}

/** More data than this no client may send (`MAX_PAYLOAD`). */
const payloadLimit = 1_048_576;
const known = new Set(['SYNC', 'CNXN', 'AUTH', 'OPEN', 'OKAY', 'CLSE', 'WRTE', 'STLS']);

/** The next message; null where the peer has gone, undefined where what came is none. */
export async function readMessage(wire: Wire): Promise<Message | null | undefined> {
  const head = await wire.bytes(24);
  if (head === null) return null;
  const command = head.toString('latin1', 0, 4);
  const size = head.readUInt32LE(12);
  if (head.readUInt32LE(20) !== (head.readUInt32LE(0) ^ 0xffff_ffff) >>> 0) return undefined;
  if (!known.has(command) || size > payloadLimit) return undefined;
  const data = await wire.bytes(size);
  if (data === null) return null;
  return { command, arg0: head.readUInt32LE(4), arg1: head.readUInt32LE(8), data };
}

export function encode(
  command: string,
  arg0: number,
  arg1: number,
  data: Uint8Array = Buffer.alloc(0),
): Buffer {
  const head = Buffer.alloc(24);
  head.write(command, 'latin1');
  head.writeUInt32LE(arg0 >>> 0, 4);
  head.writeUInt32LE(arg1 >>> 0, 8);
  head.writeUInt32LE(data.length, 12);
  let sum = 0;
  for (const byte of data) sum = (sum + byte) >>> 0;
  head.writeUInt32LE(sum, 16);
  head.writeUInt32LE((head.readUInt32LE(0) ^ 0xffff_ffff) >>> 0, 20);
  return Buffer.concat([head, data]);
}
