import { integer, octets, sequence, tlv } from '../../kit/der.ts';
import type { Wire } from '../emulator.ts';
import { challengeTo, findNtlm, type Naming } from '../ntlm/messages.ts';
import { isWrapped, respond } from '../ntlm/spnego.ts';
import { drawNonce, tellAnswer } from '../ntlm/tell.ts';

/** A TSRequest longer than this is no honest one, and how many of them a dialogue has. */
const limits = { size: 65_536, turns: 6 } as const;
const logonFailure = 0xc000_006d;

/** Network level authentication (MS-CSSP §3.1.5): takes the client's NTLM answer, and refuses it. */
export async function credssp(wire: Wire, naming: Naming): Promise<void> {
  const nonce = drawNonce(wire);
  for (let turn = 0; turn < limits.turns; turn++) {
    const request = await readRequest(wire);
    if (!request) return;
    const token = findNtlm(request);
    if (!token) return;
    const version = Math.min(versionOf(request), 6);
    if (token.type === 3) {
      tellAnswer(wire, token.message, nonce);
      // Older clients know no error codes: to them the connection is closed.
      if (version >= 3) wire.send(reply(version, tlv(0xa4, integer(word(logonFailure)))));
      return;
    }
    if (token.type !== 1) return;
    const { message } = challengeTo(token.message, naming, nonce, wire.now());
    const wrapped = isWrapped(tokenOf(request));
    const answer = wrapped ? respond(message) : message;
    wire.send(reply(version, tlv(0xa1, sequence(sequence(tlv(0xa0, octets(answer)))))));
  }
}

function reply(version: number, part: Buffer): Buffer {
  return sequence(tlv(0xa0, integer(Buffer.from([version]))), part);
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** One whole TSRequest: a DER sequence. */
async function readRequest(wire: Wire): Promise<Buffer | null> {
  const head = await wire.bytes(2);
  if (head?.[0] !== 0x30) return null;
  let size = head[1]!;
  if (size >= 0x80) {
    const width = size & 0x7f;
    if (width < 1 || width > 3) return null;
    const length = await wire.bytes(width);
    if (!length) return null;
    size = length.readUIntBE(0, width);
  }
  return size > limits.size ? null : wire.bytes(size);
}

/** `[0] INTEGER` comes first. */
function versionOf(request: Buffer): number {
  return request[0] === 0xa0 && request[2] === 2 && request[3] === 1 ? request[4]! : 2;
}

/** The first token: the octets before NTLM's own signature tell whether it is wrapped. */
function tokenOf(request: Buffer): Buffer {
  const at = request.indexOf(0xa1, 5);
  for (let i = Math.max(0, at); i < Math.min(request.length - 1, at + 24); i++) {
    if (request[i] !== 0x04) continue;
    const long = request[i + 1]! & 0x80 ? request[i + 1]! & 0x7f : 0;
    return request.subarray(i + 2 + long);
  }
  return Buffer.alloc(0);
}
