import { z } from 'zod';
import { defineEmulator, type Wire } from '../emulator.ts';
import { measured, switched } from '../plant/process.ts';

/** IEC 60870-5-104 §5.1: the start of each frame, and how long one may be behind its length. */
const start = 0x68;
const longest = 253;
/** Control functions, and what confirms them (§5.3). */
const confirmations: Record<number, number> = { 7: 0x0b, 19: 0x23, 67: 0x83 };
/** IEC 60870-5-101 §7.2.3. */
const causes = { confirmed: 7, ended: 10, interrogated: 20, unknownType: 44, unknownAddress: 46 };
const types: Record<number, string> = {
  45: 'single command',
  46: 'double command',
  47: 'step command',
  48: 'set normalised',
  49: 'set scaled',
  50: 'set float',
  100: 'interrogation',
  101: 'counter interrogation',
  102: 'read',
  103: 'set clock',
  105: 'reset process',
};
const asduHead = 6;

/** Remote terminal of IEC 60870-5-104: starts, is interrogated, confirms orders; its measured values move. */
export const iec104 = defineEmulator({
  name: 'iec104',
  summary: 'Remote terminal, IEC 60870-5-104',
  port: 2404,
  highPort: 2404,
  options: z.strictObject({
    /** Its common address; the persona's where it is left out. */
    address: z.int().min(1).max(65_534).optional(),
    points: z.int().min(1).max(30).default(12),
  }),

  async session(wire, { address = 1 + (Number.parseInt(wire.persona.token('iec104', 4), 16) % 99), points }) {
    let sent = 0;
    let received = 0;
    const say = (asdu: Buffer) => {
      const head = Buffer.alloc(6);
      head[0] = start;
      head[1] = 4 + asdu.length;
      head.writeUInt16LE((sent << 1) & 0xffff, 2);
      head.writeUInt16LE((received << 1) & 0xffff, 4);
      sent = (sent + 1) & 0x7fff;
      wire.send(Buffer.concat([head, asdu]));
    };
    for (let head = await wire.bytes(2); head !== null; head = await wire.bytes(2)) {
      const length = head[1]!;
      if (head[0] !== start || length < 4 || length > longest) {
        wire.unread(head);
        return;
      }
      const frame = await wire.bytes(length);
      if (frame === null) return;
      const control = frame[0]!;
      if ((control & 3) === 3) {
        wire.emit({ kind: 'command', input: `control 0x${control.toString(16).padStart(2, '0')}` });
        const confirmed = confirmations[control];
        if (confirmed !== undefined) wire.send(Buffer.from([start, 4, confirmed, 0, 0, 0]));
      } else if ((control & 1) === 0 && frame.length >= 4 + asduHead + 3) {
        received = (received + 1) & 0x7fff;
        for (const asdu of answers(wire, frame.subarray(4), address, points)) say(asdu);
      }
    }
  },
});

function answers(wire: Wire, asdu: Buffer, own: number, points: number): Buffer[] {
  const type = asdu[0]!;
  const address = asdu.readUInt16LE(4);
  const object = asdu.readUIntLE(asduHead, 3);
  wire.emit({
    kind: 'command',
    input: `${types[type] ?? `type ${type}`} ${object}`,
    detail: { type, cause: asdu[2]! & 63, address, data: asdu.toString('hex', asduHead + 3) },
  });
  const back = (cause: number, refused = false) => {
    const one = Buffer.from(asdu);
    one[2] = cause | (refused ? 0x40 : 0);
    one.writeUInt16LE(address === 0xffff ? own : address, 4);
    return one;
  };
  if (!types[type]) return [back(causes.unknownType, true)];
  if (address !== own && address !== 0xffff) return [back(causes.unknownAddress, true)];
  if (type !== 100) return [back(causes.confirmed)];
  return [back(causes.confirmed), ...values(wire, own, points), back(causes.ended)];
}

/** Single points (type 1) from 1, measured values as floats (type 13) from 1001. */
function values(wire: Wire, own: number, points: number): Buffer[] {
  const head = (type: number, first: number) => {
    const bytes = Buffer.alloc(asduHead + 3);
    bytes[0] = type;
    // One address, then all in a row (SQ).
    bytes[1] = 0x80 | points;
    bytes[2] = causes.interrogated;
    bytes.writeUInt16LE(own, 4);
    bytes.writeUIntLE(first, asduHead, 3);
    return bytes;
  };
  const singles = Buffer.from(
    Array.from({ length: points }, (_, i) => (switched(wire.persona, 'iec104', 1 + i) ? 1 : 0)),
  );
  const floats = Buffer.alloc(5 * points);
  for (let i = 0; i < points; i++)
    floats.writeFloatLE(measured(wire.persona, 'iec104', 1_001 + i, wire.now()) / 10, 5 * i);
  return [Buffer.concat([head(1, 1), singles]), Buffer.concat([head(13, 1_001), floats])];
}
