import { fileTime } from '../ntlm/messages.ts';
import { offer } from '../ntlm/spnego.ts';
import { status } from './frame.ts';
import type { Peer } from './peer.ts';

/** SMB 2.0.2 to 3.1.1 (MS-SMB2) up to the pipes of who has no name. */

/** Chained messages in one. */
const chainLimit = 16;

/** Answers to the one or more requests of a message; null ends the connection. */
export function answer2(peer: Peer, message: Buffer): Buffer | null {
  const answers: Buffer[] = [];
  for (let at = 0, count = 0; count < chainLimit; count++) {
    const request = message.subarray(at);
    if (request.length < 66 || request.readUInt32BE(0) !== 0xfe53_4d42) return null;
    const answer = one(peer, request);
    if (!answer) return null;
    answers.push(answer);
    const next = request.readUInt32LE(20);
    if (next < 64 || next > request.length) break;
    at += next;
  }
  return chained(answers);
}

function chained(answers: Buffer[]): Buffer {
  for (const [i, answer] of answers.entries()) {
    if (i === answers.length - 1) break;
    const padded = Buffer.concat([answer, Buffer.alloc((8 - (answer.length % 8)) % 8)]);
    padded.writeUInt32LE(padded.length, 20);
    answers[i] = padded;
  }
  return Buffer.concat(answers);
}

function reply(request: Buffer | undefined, code: number, body: Buffer, session = 0, tree?: number): Buffer {
  const header = Buffer.alloc(64);
  header.writeUInt32BE(0xfe53_4d42, 0);
  header.writeUInt16LE(64, 4);
  header.writeUInt32LE(code, 8);
  header.writeUInt16LE(1, 14);
  header.writeUInt32LE(1, 16);
  if (request) {
    header.writeUInt16LE(request.readUInt16LE(6), 6);
    header.writeUInt16LE(request.readUInt16LE(12), 12);
    header.writeUInt16LE(Math.max(1, Math.min(request.readUInt16LE(14), 128)), 14);
    request.copy(header, 24, 24, 48);
    if (session) header.writeUInt32LE(session, 40);
    if (tree !== undefined) header.writeUInt32LE(tree, 36);
  }
  return Buffer.concat([header, body]);
}

const failed = (request: Buffer, code: number) =>
  reply(request, code, Buffer.from([9, 0, 0, 0, 0, 0, 0, 0, 0]));

function one(peer: Peer, request: Buffer): Buffer | null {
  switch (request.readUInt16LE(12)) {
    case 0:
      return negotiated(peer, request);
    case 1:
      return sessionSetup(peer, request);
    case 2:
    case 4:
    case 13:
      return reply(request, status.success, Buffer.from([4, 0, 0, 0]));
    case 3:
      return treeConnect(peer, request);
    default:
      peer.wire.emit({ kind: 'data', size: request.length, detail: { command: request.readUInt16LE(12) } });
      return failed(request, peer.anonymous ? status.accessDenied : status.userSessionDeleted);
  }
}

/** Also the answer to an SMB1 negotiate that names SMB 2 (§3.3.5.3): then without a request, and `2.???` where asked for. */
export function negotiated({ machine, wire }: Peer, request?: Buffer, wildcard = false): Buffer | null {
  let dialect = wildcard ? 0x02ff : 0x0202;
  if (request) {
    if (request.length < 100) return failed(request, status.invalidParameter);
    const count = Math.min(request.readUInt16LE(66), 16);
    const asked = Array.from({ length: count }, (_, i) =>
      request.length >= 102 + 2 * i ? request.readUInt16LE(100 + 2 * i) : 0,
    );
    const found = machine.dialects.find((known) => asked.includes(known));
    wire.emit({
      kind: 'fingerprint',
      method: 'smb2-dialects',
      value: asked.map((version) => version.toString(16).padStart(4, '0')).join(' '),
      detail: { guid: request.toString('hex', 76, 92) },
    });
    if (found === undefined) return failed(request, 0xc000_00bb);
    dialect = found;
  }
  const blob = offer();
  const body = Buffer.alloc(64);
  body.writeUInt16LE(65, 0);
  body.writeUInt16LE(1, 2);
  body.writeUInt16LE(dialect, 4);
  machine.guid.copy(body, 8);
  // DFS; from 2.1 on leasing and large messages; from 3.0 on several channels and leases on folders (§3.3.5.4).
  body.writeUInt32LE(dialect === 0x0202 ? 1 : dialect >= 0x0300 ? 0x2f : 7, 24);
  const largest = dialect === 0x0202 ? 65_536 : machine.dialects[0]! >= 0x0300 ? 8_388_608 : 1_048_576;
  for (const at of [28, 32, 36]) body.writeUInt32LE(largest, at);
  fileTime(wire.now()).copy(body, 40);
  fileTime(wire.persona.bootedAt).copy(body, 48);
  body.writeUInt16LE(128, 56);
  body.writeUInt16LE(blob.length, 58);
  if (dialect !== 0x0311 || !request) return reply(request, status.success, Buffer.concat([body, blob]));
  const contexts = negotiateContexts(request, wire.random.bind(wire));
  const padded = Buffer.concat([blob, Buffer.alloc((8 - (blob.length % 8)) % 8)]);
  body.writeUInt16LE(contexts.count, 6);
  body.writeUInt32LE(128 + padded.length, 60);
  return reply(request, status.success, Buffer.concat([body, padded, contexts.bytes]));
}

/** What 3.1.1 answers to the contexts that Server 2016 knows (§2.2.4.1): SHA-512 over what was said, and a cipher that was offered. */
function negotiateContexts(request: Buffer, random: () => number): { count: number; bytes: Buffer } {
  const salt = Buffer.from(Array.from({ length: 32 }, () => Math.floor(random() * 256)));
  const answers = [context(1, Buffer.concat([Buffer.from([1, 0, 32, 0, 1, 0]), salt]))];
  const total = Math.min(request.readUInt16LE(96), 8);
  for (let at = request.readUInt32LE(92), n = 0; n < total && at + 8 <= request.length; n++) {
    const size = request.readUInt16LE(at + 2);
    const data = request.subarray(at + 8, at + 8 + size);
    if (request.readUInt16LE(at) === 2 && data.length >= 4) {
      const ciphers = Array.from({ length: Math.floor((data.length - 2) / 2) }, (_, i) =>
        data.readUInt16LE(2 + 2 * i),
      );
      // AES-128-GCM before AES-128-CCM.
      answers.push(context(2, Buffer.from([1, 0, ciphers.includes(2) ? 2 : ciphers.includes(1) ? 1 : 0, 0])));
      break;
    }
    at += 8 + size + ((8 - (size % 8)) % 8);
  }
  const last = answers.length - 1;
  const bytes = answers.map((one, i) =>
    i === last ? one : Buffer.concat([one, Buffer.alloc((8 - (one.length % 8)) % 8)]),
  );
  return { count: answers.length, bytes: Buffer.concat(bytes) };
}

function context(type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16LE(type, 0);
  head.writeUInt16LE(data.length, 2);
  return Buffer.concat([head, data]);
}

function sessionSetup(peer: Peer, request: Buffer): Buffer {
  if (request.length < 88) return failed(request, status.invalidParameter);
  const offset = request.readUInt16LE(76);
  const size = request.readUInt16LE(78);
  const { status: code, blob } = peer.step(request.subarray(offset, offset + size), { dialect: 'SMB2' });
  if (code !== status.success && code !== status.moreProcessing) return failed(request, code);
  const body = Buffer.alloc(8);
  body.writeUInt16LE(9, 0);
  // Not a guest, but without a name.
  if (code === status.success) body.writeUInt16LE(2, 2);
  body.writeUInt16LE(72, 4);
  body.writeUInt16LE(blob.length, 6);
  return reply(request, code, Buffer.concat([body, blob]), 0x0400_0001 + (peer.wire.src.port << 4));
}

function treeConnect(peer: Peer, request: Buffer): Buffer {
  if (request.length < 72) return failed(request, status.invalidParameter);
  const offset = request.readUInt16LE(68);
  const size = request.readUInt16LE(70);
  const code = peer.share(request.toString('utf16le', offset, offset + size), 'SMB2');
  if (code !== status.success) return failed(request, code);
  const body = Buffer.alloc(16);
  body.writeUInt16LE(16, 0);
  body[2] = 2;
  body.writeUInt32LE(0x30, 4);
  body.writeUInt32LE(0x001f_00a9, 12);
  return reply(request, code, body, 0, 1);
}
