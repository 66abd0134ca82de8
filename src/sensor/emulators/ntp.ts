import { z } from 'zod';
import { type DatagramWire, defineDatagramEmulator } from '../emulator.ts';

const packetSize = 48;
/** Seconds from 1900, NTP's epoch, to 1970 (RFC 5905 §6). */
const epoch = 2_208_988_800;
const modes = ['reserved', 'active', 'passive', 'client', 'server', 'broadcast', 'control', 'private'];

/**
 * NTP server that keeps time with another (RFC 5905). Clients are answered; what asks for its variables or for its peers (modes 6
 * and 7: `readvar`, `monlist`) is told and met with silence, as from a server that was hardened.
 */
export const ntp = defineDatagramEmulator({
  name: 'ntp',
  summary: 'NTP server, which answers clients alone',
  port: 123,
  highPort: 1230,
  options: z.strictObject({ stratum: z.int().min(1).max(15).default(3) }),

  datagram(wire, bytes, { stratum }) {
    const first = bytes[0];
    if (first === undefined) return null;
    const mode = first & 7;
    const version = (first >> 3) & 7;
    const detail = { version, mode: modes[mode]! };
    if (mode === 6 && bytes.length >= 12)
      wire.emit({
        kind: 'command',
        input: `control ${bytes[1]! & 31}${textOf(bytes.subarray(12))}`,
        detail: { ...detail, association: bytes.readUInt16BE(6) },
      });
    // ntpd's own requests: implementation and code, such as 42 for MON_GETLIST_1.
    else if (mode === 7 && bytes.length >= 4)
      wire.emit({ kind: 'command', input: `private ${bytes[2]} ${bytes[3]}`, detail });
    else if (mode === 3 && version >= 1 && version <= 4 && bytes.length >= packetSize) {
      wire.emit({ kind: 'command', input: 'time', detail: { ...detail, poll: bytes.readInt8(2) } });
      return timeFor(wire, bytes, version, stratum);
    }
    return null;
  },
});

/** RFC 5905 §7.3: what a server in step says; nothing of it is longer than the header. */
function timeFor(wire: DatagramWire, bytes: Buffer, version: number, stratum: number): Buffer {
  const answer = Buffer.alloc(packetSize);
  const now = wire.now();
  // The clock was set a while ago, within the last poll of 1,024 s.
  const phase = Number.parseInt(wire.persona.token('ntp phase', 4), 16) % 1_024;
  const seconds = Math.floor(now / 1_000);
  const set = seconds - ((seconds + phase) % 1_024);
  answer[0] = (version << 3) | 4;
  answer[1] = stratum;
  answer[2] = bytes[2]!;
  answer.writeInt8(-23, 3);
  answer.writeUInt32BE(300 + (Number.parseInt(wire.persona.token('ntp delay', 4), 16) % 900), 4);
  answer.writeUInt32BE(900 + ((seconds + phase) % 1_024), 8);
  Buffer.from(wire.persona.token('ntp reference', 8), 'hex').copy(answer, 12);
  // Its reference is a machine of its own network, as its address is.
  answer.set(wire.persona.address.split('.').slice(0, 3).map(Number), 12);
  stamp(answer, 16, set * 1_000 + (phase % 1_000), wire.random());
  bytes.copy(answer, 24, 40, 48);
  stamp(answer, 32, now, wire.random());
  stamp(answer, 40, now, 0.9 + wire.random() / 10);
  return answer;
}

/** A time in seconds and their 2^32 parts; `share` of a millisecond is what the clock does not tell. */
function stamp(into: Buffer, at: number, ms: number, share: number): void {
  into.writeUInt32BE((Math.floor(ms / 1_000) + epoch) % 2 ** 32, at);
  into.writeUInt32BE(Math.floor((((ms % 1_000) + Math.min(share, 0.999)) / 1_000) * 2 ** 32), at + 4);
}

function textOf(bytes: Buffer): string {
  const text = bytes.toString('latin1').replace(/[^ -~]+/g, '');
  return text ? ` ${text.slice(0, 512)}` : '';
}
