import { z } from 'zod';
import { defineEmulator, type Wire } from '../emulator.ts';
import { controllerOf } from '../plant/controllers.ts';
import { measured } from '../plant/process.ts';

/** RFC 1006 §6 and ISO 8073 §13.3, §13.7. */
const cotp = { request: 0xe0, confirm: 0xd0, data: 0xf0 };
const packetLimit = 4_096;
const pduSize = 240;
const job = 1;
const acknowledgement = 3;
const userData = 7;
const functions: Record<number, string> = {
  4: 'read',
  5: 'write',
  26: 'request download',
  27: 'download block',
  28: 'download ended',
  29: 'start upload',
  30: 'upload',
  31: 'end upload',
  40: 'control',
  41: 'stop',
  240: 'set up',
};
const itemLimit = 20;

/**
 * S7 controller behind ISO on TCP: connects, sets up, says what it is (system status lists 0x0011, 0x001C), reads values that move and
 * takes writes and orders without a change.
 */
export const s7 = defineEmulator({
  name: 's7',
  summary: 'S7 controller (ISO on TCP)',
  port: 102,
  highPort: 10_102,
  options: z.strictObject({
    /** Order number, type and firmware, of one that exists; those of the persona where they are left out. */
    order: z.string().max(19).optional(),
    type: z.string().max(32).optional(),
    firmware: z
      .string()
      .regex(/^\d{1,2}\.\d{1,2}\.\d{1,2}$/)
      .optional(),
  }),

  async session(wire, told) {
    const own = controllerOf(wire.persona.product.model);
    const options = {
      order: told.order ?? own.order,
      type: told.type ?? own.type,
      firmware: told.firmware ?? own.firmware,
    };
    for (let head = await wire.bytes(4); head !== null; head = await wire.bytes(4)) {
      const length = head.readUInt16BE(2);
      if (head[0] !== 3 || length < 7 || length > packetLimit) {
        wire.unread(head);
        return;
      }
      const packet = await wire.bytes(length - 4);
      if (packet === null) return;
      const size = packet[0]!;
      if (packet[1] === cotp.request) {
        if (!confirm(wire, packet)) return;
      } else if (packet[1] === cotp.data && packet.length > size + 11) {
        const said = answer(wire, packet.subarray(size + 1), options);
        if (said) wire.send(tpkt(Buffer.concat([Buffer.from([2, cotp.data, 0x80]), said])));
      } else return;
    }
  },
});

function tpkt(content: Buffer): Buffer {
  const size = content.length + 4;
  return Buffer.concat([Buffer.from([3, 0, size >> 8, size & 0xff]), content]);
}

/** Confirms with the client's own parameters; tells where in the rack it wants to. */
function confirm(wire: Wire, packet: Buffer): boolean {
  if (packet.length < 7) return false;
  const parameters = packet.subarray(7);
  wire.emit({ kind: 'command', input: 'connect', detail: { parameters: parameters.toString('hex', 0, 64) } });
  const fixed = Buffer.from([6 + parameters.length, cotp.confirm, packet[4]!, packet[5]!, 0, 0x2e, 0]);
  if (fixed[0] !== packet[0]) return false;
  wire.send(tpkt(Buffer.concat([fixed, parameters])));
  return true;
}

function answer(wire: Wire, message: Buffer, options: Parameters<typeof statusList>[2]): Buffer | null {
  const kind = message[1];
  const reference = message.subarray(4, 6);
  const parameterSize = message.readUInt16BE(6);
  const parameter = message.subarray(10, 10 + parameterSize);
  const data = message.subarray(10 + parameterSize);
  if (message[0] !== 0x32 || parameter.length !== parameterSize || parameter.length === 0) return null;
  if (kind === userData) return asked(wire, reference, parameter, data, options);
  if (kind !== job) return null;
  const code = parameter[0]!;
  wire.emit({
    kind: 'command',
    input: functions[code] ?? `function ${code}`,
    detail: {
      parameter: parameter.toString('hex', 0, 512),
      ...(data.length ? { data: data.toString('hex', 0, 512) } : {}),
    },
  });
  const reply = (said: Buffer, more: Buffer = Buffer.alloc(0), error = 0) => {
    const head = Buffer.alloc(12);
    head.writeUInt16BE(0x3200 | acknowledgement, 0);
    reference.copy(head, 4);
    head.writeUInt16BE(said.length, 6);
    head.writeUInt16BE(more.length, 8);
    head.writeUInt16BE(error, 10);
    return Buffer.concat([head, said, more]);
  };
  if (code === 240) return reply(Buffer.from([240, 0, 0, 1, 0, 1, 0, pduSize]));
  const items = Math.min(parameter[1] ?? 0, itemLimit);
  if (code === 4) return reply(Buffer.from([4, items]), read(wire, parameter, items));
  if (code === 5) return reply(Buffer.from([5, items]), Buffer.alloc(items, 0xff));
  if (code === 40 || code === 41) return reply(Buffer.from([code]));
  // 0x8104: no such service here.
  return reply(Buffer.alloc(0), Buffer.alloc(0), 0x8104);
}

/** Items of the addressing S7-any: a length in bytes, and an address in bits. */
function read(wire: Wire, parameter: Buffer, items: number): Buffer {
  const parts: Buffer[] = [];
  let room = pduSize - 14;
  for (let i = 0; i < items; i++) {
    const item = parameter.subarray(2 + 12 * i, 14 + 12 * i);
    const count = item.length === 12 ? item.readUInt16BE(4) * (item[3]! >= 4 ? 2 : 1) : 0;
    if (count === 0 || count + 5 > room) {
      parts.push(Buffer.from([0x0a, 0, 0, 0]));
      room -= 4;
      continue;
    }
    const at = item.readUIntBE(9, 3) >> 3;
    const values = Buffer.alloc(count + (count & 1 && i < items - 1 ? 1 : 0));
    for (let k = 0; k < count; k++) {
      const word = measured(wire.persona, `s7 ${item[8]} ${item.readUInt16BE(6)}`, (at + k) >> 1, wire.now());
      values[k] = (at + k) & 1 ? word & 0xff : word >> 8;
    }
    parts.push(Buffer.from([0xff, 4, (count * 8) >> 8, (count * 8) & 0xff]), values);
    room -= 4 + values.length;
  }
  return Buffer.concat(parts);
}

function asked(
  wire: Wire,
  reference: Buffer,
  parameter: Buffer,
  data: Buffer,
  options: Parameters<typeof statusList>[2],
): Buffer | null {
  if (parameter.length < 8 || data.length < 4) return null;
  const group = parameter[5]! & 15;
  const id = data.length >= 6 ? data.readUInt16BE(4) : 0;
  const list = group === 4 && parameter[6] === 1;
  wire.emit({
    kind: 'command',
    input: list
      ? `read status list 0x${id.toString(16).padStart(4, '0')}`
      : `user data ${group} ${parameter[6]}`,
    detail: { parameter: parameter.toString('hex', 0, 64), data: data.toString('hex', 0, 512) },
  });
  const found = list ? statusList(wire, id, options) : null;
  const said = Buffer.from([0, 1, 0x12, 8, 0x12, 0x80 | group, parameter[6]!, 1, 0, 0, 0, 0]);
  // 0xD401: there is no such list.
  if (!found) said.writeUInt16BE(0xd401, 10);
  const content = found
    ? Buffer.concat([Buffer.from([0xff, 9, found.length >> 8, found.length & 0xff]), found])
    : Buffer.from([0x0a, 0, 0, 0]);
  const head = Buffer.alloc(10);
  head.writeUInt16BE(0x3200 | userData, 0);
  reference.copy(head, 4);
  head.writeUInt16BE(said.length, 6);
  head.writeUInt16BE(content.length, 8);
  return Buffer.concat([head, said, content]);
}

/** Module identification and component identification, as `s7-info` and the vendor's own tools ask for them. */
function statusList(
  wire: Wire,
  id: number,
  { order, type, firmware }: { order: string; type: string; firmware: string },
): Buffer | null {
  const { persona } = wire;
  const record = (index: number, text: string, size: number) => {
    const bytes = Buffer.alloc(2 + size);
    bytes.writeUInt16BE(index, 0);
    bytes.write(text.slice(0, size), 2, 'latin1');
    return bytes;
  };
  const [major = 0, minor = 0, patch = 0] = firmware.split('.').map(Number);
  const tail = (index: number, text: string, bytes: number[]) =>
    Buffer.concat([record(index, text.padEnd(20), 20), Buffer.from(bytes)]);
  let records: Buffer[];
  if (id === 0x0011)
    records = [
      tail(1, order, [0, 0xc0, 0, 4, 0, 1]),
      tail(6, order, [0, 0xc0, 0, 4, 0, 1]),
      tail(7, '', [0, 0xc0, 0x56, major, minor, patch]),
    ];
  else if (id === 0x001c) {
    const serial = `S C-${persona.token('s7 serial', 1).toUpperCase()}${Number.parseInt(persona.token('s7 number', 8), 16).toString().padStart(10, '0').slice(0, 7)}20${10 + (Number.parseInt(persona.token('s7 year', 2), 16) % 9)}`;
    records = [
      record(1, persona.hostname, 32),
      record(2, type, 32),
      record(3, '', 32),
      record(4, 'Original Siemens Equipment', 32),
      record(5, serial, 32),
      record(7, type, 32),
    ];
  } else return null;
  const head = Buffer.alloc(8);
  head.writeUInt16BE(id, 0);
  head.writeUInt16BE(records[0]!.length, 4);
  head.writeUInt16BE(records.length, 6);
  return Buffer.concat([head, ...records]);
}
