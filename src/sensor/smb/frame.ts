import type { Wire } from '../emulator.ts';

/** The session service that carries SMB: a type, three bytes of length, a message (RFC 1002 §4.3.1; MS-SMB2 §2.1). */

/** The longest message that is taken. */
const messageLimit = 1_048_576;

/** The next message, or null where the peer has gone or speaks something else. A session request (port 139) is granted. */
export async function readMessage(wire: Wire): Promise<Buffer | null> {
  for (let requests = 0; requests < 4; requests++) {
    const head = await wire.bytes(4);
    if (head === null) return null;
    const size = head.readUIntBE(1, 3);
    if (size > messageLimit) return null;
    const message = await wire.bytes(size);
    if (message === null) return null;
    if (head[0] === 0) return message;
    if (head[0] === 0x81) wire.send('\x82\0\0\0');
    else if (head[0] !== 0x85) return null;
  }
  return null;
}

export function sendMessage(wire: Wire, message: Buffer): void {
  const head = Buffer.alloc(4);
  head.writeUIntBE(message.length, 1, 3);
  wire.send(Buffer.concat([head, message]));
}

/** NTSTATUS values (MS-ERREF §2.3.1). */
export const status = {
  success: 0,
  moreProcessing: 0xc000_0016,
  accessDenied: 0xc000_0022,
  logonFailure: 0xc000_006d,
  badNetworkName: 0xc000_00cc,
  insufficientResources: 0xc000_0205,
  notImplemented: 0xc000_0002,
  invalidParameter: 0xc000_000d,
  userSessionDeleted: 0xc000_0203,
} as const;
