import type { Wire } from '../emulator.ts';

/** Connection requests and TPKT (RFC 1006 §6, X.224 §13.3; MS-RDPBCGR §2.2.1.1). */

export interface ConnectionRequest {
  cookie: string | undefined;
  token: string | undefined;
  /** Security protocols asked for; undefined where the client knows only the oldest. */
  protocols: number | undefined;
  flags: number;
  source: number;
}

export const protocols = { rdp: 0, tls: 1, hybrid: 2, rdstls: 4, hybridEx: 8 } as const;
/** RDP_NEG_FAILURE codes (§2.2.1.2.2). */
export const failures = { tlsRequired: 1, tlsNotAllowed: 2, hybridRequired: 5 } as const;

/** The payload of the next TPKT packet; null where the peer has gone, undefined where what came is none. */
export async function readPacket(wire: Wire): Promise<Buffer | null | undefined> {
  const head = await wire.bytes(4);
  if (head === null) return null;
  const size = head.readUInt16BE(2);
  if (head[0] !== 3 || size < 7) return undefined;
  return wire.bytes(size - 4);
}

export function readRequest(packet: Buffer): ConnectionRequest | undefined {
  if (packet.length < 7 || (packet[1]! & 0xf0) !== 0xe0) return undefined;
  const rest = packet.subarray(7);
  const end = rest.indexOf('\r\n');
  const line = end < 0 ? '' : rest.toString('latin1', 0, end);
  const after = end < 0 ? rest : rest.subarray(end + 2);
  const negotiates = after.length >= 8 && after[0] === 1 && after.readUInt16LE(2) === 8;
  return {
    cookie: /^Cookie: mstshash=(.*)$/s.exec(line)?.[1],
    token: /^Cookie: msts=(.*)$/s.exec(line)?.[1],
    protocols: negotiates ? after.readUInt32LE(4) : undefined,
    flags: negotiates ? after[1]! : 0,
    source: packet.readUInt16BE(4),
  };
}

/** Connection confirm, with the protocol that was chosen (type 2) or why none was (type 3). */
export function confirm(choice?: { type: 2 | 3; flags: number; value: number }): Buffer {
  const body = Buffer.alloc(choice ? 8 : 0);
  if (choice) {
    body[0] = choice.type;
    body[1] = choice.flags;
    body.writeUInt16LE(8, 2);
    body.writeUInt32LE(choice.value, 4);
  }
  const size = 11 + body.length;
  return Buffer.concat([Buffer.from([3, 0, 0, size, size - 5, 0xd0, 0, 0, 0x12, 0x34, 0]), body]);
}
