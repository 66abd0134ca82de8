import { z } from 'zod';
import { type DatagramWire, defineDatagramEmulator } from '../emulator.ts';

/** ASHRAE 135, annex J: BACnet over IP. */
const version = 0x81;
const bvlc = { result: 0, register: 5, unicast: 10, broadcast: 11 };
/** ASHRAE 135 §21: kinds of APDU, services, and what an error is of. */
const confirmed = 0;
const unconfirmed = 1;
const services: Record<number, string> = {
  5: 'subscribe',
  6: 'read file',
  7: 'write file',
  12: 'read property',
  14: 'read properties',
  15: 'write property',
  16: 'write properties',
  17: 'device communication control',
  20: 'reinitialize device',
};
const announcements: Record<number, string> = { 0: 'I-Am', 1: 'I-Have', 7: 'Who-Has', 8: 'Who-Is' };
const errors = { unknownObject: [1, 31], writeDenied: [2, 40], passwordFailure: [4, 26] } as const;
const deviceObject = 8;

/**
 * BACnet device of a building (ASHRAE 135). A value is always longer than the question for it, so that over UDP it says that its answer
 * found no room (abort, buffer overflow); writes are refused and passwords told.
 */
export const bacnet = defineDatagramEmulator({
  name: 'bacnet',
  summary: 'BACnet/IP device',
  port: 47_808,
  highPort: 47_808,
  options: z.strictObject({
    /** Its object instance; the persona's where it is left out. */
    instance: z.int().min(0).max(4_194_302).optional(),
  }),

  datagram(
    wire,
    bytes,
    { instance = 1_000 + (Number.parseInt(wire.persona.token('bacnet', 5), 16) % 300_000) },
  ) {
    if (bytes.length < 4 || bytes[0] !== version || bytes.readUInt16BE(2) !== bytes.length) return null;
    if (bytes[1] === bvlc.register) {
      wire.emit({ kind: 'command', input: 'register foreign device' });
      // Result: registration refused (J.2.1.1).
      return within(bytes, [version, bvlc.result, 0, 6, 0, 0x30]);
    }
    if (bytes[1] !== bvlc.unicast && bytes[1] !== bvlc.broadcast) return null;
    const apdu = skipNetwork(bytes.subarray(4));
    if (!apdu || apdu.length < 2) return null;
    const kind = apdu[0]! >> 4;
    if (kind === unconfirmed) {
      wire.emit({
        kind: 'command',
        input: announcements[apdu[1]!] ?? `unconfirmed ${apdu[1]}`,
        detail: { data: apdu.toString('hex', 2, 256) },
      });
      return null;
    }
    // Segmented requests are none that we take.
    if (kind !== confirmed || apdu[0]! & 8 || apdu.length < 4) return null;
    const said = answer(wire, apdu, instance);
    return within(bytes, [version, bvlc.unicast, 0, 6 + said.length, 1, 0, ...said]);
  },
});

const within = (asked: Buffer, said: number[]) => (said.length <= asked.length ? Buffer.from(said) : null);

/** What stands behind the network layer's head (§6.2.2); null where it is a message of that layer. */
function skipNetwork(npdu: Buffer): Buffer | null {
  if (npdu.length < 2 || npdu[0] !== 1) return null;
  const control = npdu[1]!;
  let at = 2;
  for (const bit of [0x20, 0x08]) if (control & bit) at += 3 + (npdu[at + 2] ?? 0);
  if (control & 0x20) at++;
  return control & 0x80 || at >= npdu.length ? null : npdu.subarray(at);
}

function answer(wire: DatagramWire, apdu: Buffer, instance: number): number[] {
  const id = apdu[2]!;
  const service = apdu[3]!;
  const data = apdu.subarray(4);
  // Context tag 0 of 4 bytes: which object.
  const object = data[0] === 0x0c && data.length >= 5 ? data.readUInt32BE(1) : undefined;
  const named = object === undefined ? '' : ` ${object >>> 22}:${object & 0x3f_ffff}`;
  wire.emit({
    kind: 'command',
    input: `${services[service] ?? `service ${service}`}${named}`,
    detail: { service, data: data.toString('hex', 0, 512) },
  });
  const error = ([of, code]: readonly [number, number]) => [0x50, id, service, 0x91, of, 0x91, code];
  if (service === 17 || service === 20) {
    const password = passwordIn(data);
    if (password !== undefined)
      wire.emit({ kind: 'login', user: '', secret: password, ok: false, method: 'bacnet' });
    return error(errors.passwordFailure);
  }
  if (service === 15 || service === 16 || service === 7) return error(errors.writeDenied);
  if (service === 12) {
    const device = object !== undefined && object >>> 22 === deviceObject;
    // 4194303 stands for whoever is asked (§12.11.1).
    const ours = device && ((object & 0x3f_ffff) === instance || (object & 0x3f_ffff) === 0x3f_ffff);
    return ours ? [0x71, id, 1] : error(errors.unknownObject);
  }
  // Abort, buffer overflow; or reject, unrecognised service (§20.1.8, §20.1.9).
  return services[service] ? [0x71, id, 1] : [0x60, id, 9];
}

/** The last context tag with a character string of one byte a character (§20.2.9). */
function passwordIn(data: Buffer): string | undefined {
  for (let at = 0; at + 2 < data.length; at++) {
    const extended = (data[at]! & 15) === 13;
    const size = extended ? data[at + 1]! : data[at]! & 7;
    const from = at + (extended ? 2 : 1);
    if (data[at]! & 8 && size > 1 && data[from] === 0 && from + size === data.length)
      return data.toString('latin1', from + 1);
  }
  return undefined;
}
