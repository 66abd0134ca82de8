import { z } from 'zod';
import { defineEmulator, type Wire } from '../emulator.ts';
import { measured, switched } from '../plant/process.ts';

/** Modbus Application Protocol V1.1b3 §6. */
const functions: Record<number, string> = {
  1: 'read coils',
  2: 'read discrete inputs',
  3: 'read holding registers',
  4: 'read input registers',
  5: 'write coil',
  6: 'write register',
  8: 'diagnostics',
  15: 'write coils',
  16: 'write registers',
  17: 'report server id',
  22: 'mask write register',
  23: 'read and write registers',
  43: 'encapsulated',
};
const exceptions = { function: 1, address: 2, value: 3 };
const headerSize = 7;
/** Messaging on TCP/IP Implementation Guide V1.0b §3.1: 260 bytes with the header. */
const frameLimit = 254;
/** Registers that one session may set. */
const writtenLimit = 1_024;

/** What a request comes to: the answer's data, or an exception's code. */
type Outcome = Buffer | number;

/** Modbus/TCP server of a controller: registers that move, and what it is (MODBUS Messaging on TCP/IP). Writes last for an attacker. */
export const modbus = defineEmulator({
  name: 'modbus',
  summary: 'Modbus/TCP server of a controller',
  port: 502,
  highPort: 5020,
  options: z.strictObject({
    /** Registers, and coils, of each kind. */
    size: z.int().min(1).max(65_536).default(512),
  }),

  async session(wire, { size }) {
    for (let head = await wire.bytes(headerSize); head !== null; head = await wire.bytes(headerSize)) {
      const length = head.readUInt16BE(4);
      // Another protocol, or no function: the connection is closed (§4.2).
      if (head.readUInt16BE(2) !== 0 || length < 2 || length > frameLimit) {
        wire.unread(head);
        return;
      }
      const pdu = await wire.bytes(length - 1);
      if (pdu === null) return;
      const code = pdu[0]!;
      const outcome = perform(wire, code, pdu.subarray(1), size);
      wire.emit({
        kind: 'command',
        input: describe(code, pdu),
        ok: typeof outcome !== 'number',
        detail: {
          function: code,
          unit: head[6]!,
          ...(pdu.length > 1 ? { data: pdu.toString('hex', 1) } : {}),
        },
      });
      const said =
        typeof outcome === 'number'
          ? Buffer.from([code | 0x80, outcome])
          : Buffer.concat([Buffer.from([code]), outcome]);
      const answer = Buffer.from(head);
      answer.writeUInt16BE(said.length + 1, 4);
      wire.send(Buffer.concat([answer, said]));
    }
  },
});

function describe(code: number, pdu: Buffer): string {
  const name = functions[code] ?? `function ${code}`;
  if (code === 43) return `${name} ${pdu[1] ?? ''} ${pdu[2] ?? ''}`.trim();
  if (pdu.length < 5 || code === 17) return name;
  const second = pdu.readUInt16BE(3);
  const single = code === 5 || code === 6;
  return `${name} ${pdu.readUInt16BE(1)}${single ? ` = ${second}` : ` +${second}`}`;
}

function perform(wire: Wire, code: number, data: Buffer, size: number): Outcome {
  if (!functions[code]) return exceptions.function;
  if (code === 17) return serverId(wire);
  if (code === 43) return identify(wire, data);
  if (data.length < 4) return exceptions.value;
  const from = data.readUInt16BE(0);
  const count = data.readUInt16BE(2);
  const outside = (most: number, items = count) =>
    items < 1 || items > most ? exceptions.value : from + items > size ? exceptions.address : 0;
  switch (code) {
    case 1:
    case 2: {
      const wrong = outside(2_000);
      if (wrong) return wrong;
      const bits = Buffer.alloc(1 + Math.ceil(count / 8), 0);
      bits[0] = bits.length - 1;
      for (let i = 0; i < count; i++) if (bit(wire, code, from + i)) bits[1 + (i >> 3)]! |= 1 << (i & 7);
      return bits;
    }
    case 3:
    case 4: {
      const wrong = outside(125);
      return wrong || registers(wire, code, from, count);
    }
    case 5:
      if (count !== 0 && count !== 0xff00) return exceptions.value;
      return outside(1, 1) || write(wire, `1 ${from}`, count ? 1 : 0) || data.subarray(0, 4);
    case 6:
      return outside(1, 1) || write(wire, `3 ${from}`, count) || data.subarray(0, 4);
    case 8:
      // Loops the query back (§6.8.1).
      return from === 0 ? Buffer.from(data) : exceptions.function;
    case 15:
    case 16: {
      const most = code === 15 ? 1_968 : 123;
      const wrong = outside(most);
      if (wrong) return wrong;
      const bytes = code === 15 ? Math.ceil(count / 8) : 2 * count;
      if (data[4] !== bytes || data.length !== 5 + bytes) return exceptions.value;
      for (let i = 0; i < count; i++)
        if (code === 16) write(wire, `3 ${from + i}`, data.readUInt16BE(5 + 2 * i));
        else write(wire, `1 ${from + i}`, (data[5 + (i >> 3)]! >> (i & 7)) & 1);
      return data.subarray(0, 4);
    }
    default:
      return exceptions.function;
  }
}

function registers(wire: Wire, code: number, from: number, count: number): Buffer {
  const answer = Buffer.alloc(1 + 2 * count);
  answer[0] = 2 * count;
  const set = written(wire);
  for (let i = 0; i < count; i++) {
    const known = code === 3 ? set.get(`3 ${from + i}`) : undefined;
    answer.writeUInt16BE(known ?? measured(wire.persona, `modbus ${code}`, from + i, wire.now()), 1 + 2 * i);
  }
  return answer;
}

function bit(wire: Wire, code: number, address: number): boolean {
  const known = code === 1 ? written(wire).get(`1 ${address}`) : undefined;
  return known === undefined ? switched(wire.persona, `modbus ${code}`, address) : known === 1;
}

function written(wire: Wire): Map<string, number> {
  let set = wire.memory.get('modbus') as Map<string, number> | undefined;
  if (!set) {
    set = new Map();
    wire.memory.set('modbus', set);
  }
  return set;
}

/** Always 0: a write that finds no room is only told. */
function write(wire: Wire, key: string, value: number): 0 {
  const set = written(wire);
  if (set.has(key) || (set.size < writtenLimit && wire.memory.take(64))) set.set(key, value);
  return 0;
}

function serverId({ persona: { product } }: Wire): Buffer {
  const text = Buffer.from(`${product.vendor} ${product.model} ${product.firmware}`.slice(0, 200), 'latin1');
  return Buffer.concat([Buffer.from([text.length + 1]), text, Buffer.from([0xff])]);
}

/** Read Device Identification (§6.21): basic objects, and the regular ones that it has. */
function identify({ persona: { product, web } }: Wire, data: Buffer): Outcome {
  if (data[0] !== 14) return exceptions.function;
  const kind = data[1] ?? 0;
  const first = data[2] ?? 0;
  if (data.length !== 3 || kind < 1 || kind > 4) return exceptions.value;
  const objects: [number, string][] = [
    [0, product.vendor],
    [1, product.model],
    [2, product.firmware],
    [4, web.title],
    [5, product.model],
  ];
  const single = objects.filter(([id]) => id === first);
  if (kind === 4 && single.length === 0) return exceptions.address;
  const start = objects.some(([id]) => id === first) ? first : 0;
  const told = kind === 4 ? single : objects.filter(([id]) => id >= start && (kind > 1 || id < 3));
  const list = told.map(([id, text]) => {
    const bytes = Buffer.from(text.slice(0, 40), 'latin1');
    return Buffer.concat([Buffer.from([id, bytes.length]), bytes]);
  });
  // Conformity 0x82: regular identification, as a stream and by object.
  return Buffer.concat([Buffer.from([14, kind, 0x82, 0, 0, list.length]), ...list]);
}
