import { fileTime } from '../ntlm/messages.ts';
import { offer } from '../ntlm/spnego.ts';
import { status } from './frame.ts';
import type { Peer } from './peer.ts';

/** SMB1 (MS-CIFS, MS-SMB) as Windows 7 speaks it, up to the pipes of who has no name. */

const unicode = 0x8000;
const extendedSecurity = 0x0800;
const sessionId = 0x0800;
const none = Buffer.alloc(0);

interface Request {
  header: Buffer;
  command: number;
  flags2: number;
  words: Buffer;
  /** What follows the words and the byte count. */
  bytes: Buffer;
}

function parse(message: Buffer): Request | undefined {
  if (message.length < 35) return undefined;
  const count = 2 * message[32]!;
  if (33 + count + 2 > message.length) return undefined;
  return {
    header: message.subarray(0, 32),
    command: message[4]!,
    flags2: message.readUInt16LE(10),
    words: message.subarray(33, 33 + count),
    bytes: message.subarray(35 + count),
  };
}

function reply(
  request: Request,
  code: number,
  words: Buffer = none,
  bytes: Buffer = none,
  tree?: number,
): Buffer {
  const header = Buffer.from(request.header);
  header.writeUInt32LE(code, 5);
  header[9] = 0x88;
  header.writeUInt16LE((request.flags2 & (unicode | extendedSecurity | 0x1)) | 0x4001, 10);
  header.fill(0, 14, 22);
  if (request.command === 0x73) header.writeUInt16LE(sessionId, 28);
  if (tree !== undefined) header.writeUInt16LE(tree, 24);
  const size = Buffer.alloc(2);
  size.writeUInt16LE(bytes.length);
  return Buffer.concat([header, Buffer.from([words.length / 2]), words, size, bytes]);
}

/** The dialects of a negotiate request (MS-CIFS §2.2.4.52.1). */
export function dialectsOf(message: Buffer): string[] {
  const request = parse(message);
  return request
    ? request.bytes
        .toString('latin1')
        .split('\0')
        .map((one) => one.replace(/^\x02/, ''))
        .filter(Boolean)
        .slice(0, 64)
    : [];
}

/** Answers one message; null ends the connection, an empty answer says nothing. */
export function answer1(peer: Peer, message: Buffer): Buffer | null {
  const request = parse(message);
  if (!request) return null;
  switch (request.command) {
    case 0x72:
      return negotiate(peer, request, dialectsOf(message));
    case 0x73:
      return sessionSetup(peer, request);
    case 0x75:
      return treeConnect(peer, request);
    case 0x25:
      return transaction(peer, request);
    case 0x32:
      return transaction2(peer, request, message);
    case 0xa0:
    case 0x33:
    case 0xa1:
      return overflow(peer, request, message);
    case 0x2b:
      return reply(request, status.success, Buffer.from([1, 0]), request.bytes);
    case 0x71:
      return reply(request, status.success);
    case 0x74:
      return reply(request, status.success, Buffer.from([0xff, 0, 0, 0]));
    default:
      peer.wire.emit({ kind: 'data', size: message.length, detail: { command: request.command } });
      return reply(request, peer.anonymous ? status.accessDenied : status.userSessionDeleted);
  }
}

function negotiate({ machine, nonce, wire }: Peer, request: Request, dialects: string[]): Buffer {
  const index = dialects.indexOf('NT LM 0.12');
  if (index < 0) return reply(request, status.success, Buffer.from([0xff, 0xff]));
  const extended = (request.flags2 & extendedSecurity) !== 0;
  const words = Buffer.alloc(34);
  words.writeUInt16LE(index, 0);
  words[2] = 3;
  words.writeUInt16LE(50, 3);
  words.writeUInt16LE(1, 5);
  words.writeUInt32LE(machine.maxBuffer, 7);
  words.writeUInt32LE(65_536, 11);
  words.writeUInt32LE(extended ? 0x8001_e3fc : 0x0001_e3fc, 19);
  fileTime(wire.now()).copy(words, 23);
  words[33] = extended ? 0 : 8;
  const name = (text: string) => Buffer.from(`${text}\0`, 'utf16le');
  const bytes = extended
    ? Buffer.concat([machine.guid, offer()])
    : Buffer.concat([
        nonce,
        name(machine.naming.domain === machine.naming.computer ? 'WORKGROUP' : machine.naming.domain),
        name(machine.naming.computer),
      ]);
  return reply(request, status.success, words, bytes);
}

function sessionSetup(peer: Peer, request: Request): Buffer {
  const { machine } = peer;
  const text = Buffer.from(`${machine.nativeOs}\0${machine.nativeLan}\0`, 'utf16le');
  if (request.words.length === 24) {
    const size = request.words.readUInt16LE(14);
    const client = strings(request.bytes.subarray(size), request.flags2, size + 1);
    const { status: code, blob } = peer.step(request.bytes.subarray(0, size), { dialect: 'NT LM 0.12' });
    if (code === status.moreProcessing) tellClient(peer, client);
    if (code !== status.success && code !== status.moreProcessing) return reply(request, code);
    const words = Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0]);
    words.writeUInt16LE(blob.length, 6);
    const pad = blob.length % 2 ? none : Buffer.alloc(1);
    return reply(request, code, words, Buffer.concat([blob, pad, text]));
  }
  if (request.words.length !== 26) return reply(request, status.invalidParameter);
  const lmSize = request.words.readUInt16LE(14);
  const ntSize = request.words.readUInt16LE(16);
  const lm = request.bytes.subarray(0, lmSize);
  const nt = request.bytes.subarray(lmSize, lmSize + ntSize);
  const [user = '', domain = '', ...client] = strings(
    request.bytes.subarray(lmSize + ntSize),
    request.flags2,
    lmSize + ntSize + 1,
  );
  tellClient(peer, client);
  peer.anonymous = user === '';
  const hex = (bytes: Buffer) => bytes.toString('hex');
  const secret =
    nt.length > 24
      ? `${user}::${domain}:${hex(peer.nonce)}:${hex(nt.subarray(0, 16))}:${hex(nt.subarray(16))}`
      : `${user}::${domain}:${hex(lm)}:${hex(nt)}:${hex(peer.nonce)}`;
  peer.wire.emit({
    kind: 'login',
    user: domain && user ? `${domain}\\${user}` : user,
    secret: user ? secret : '',
    ok: false,
    method: user ? (nt.length > 24 ? 'ntlmv2' : 'ntlmv1') : 'anonymous',
    detail: { dialect: 'NT LM 0.12' },
  });
  if (!peer.anonymous) return reply(request, status.logonFailure);
  return reply(
    request,
    status.success,
    Buffer.from([0xff, 0, 0, 0, 0, 0]),
    Buffer.concat([Buffer.alloc(1), text]),
  );
}

function tellClient({ wire }: Peer, [system = '', software = '']: string[]): void {
  if (system || software)
    wire.emit({
      kind: 'fingerprint',
      method: 'smb-client',
      value: `${system}|${software}`,
      ...(software ? { software } : {}),
    });
}

/** Strings that end in a zero; UTF-16 ones begin at an even distance from the header. */
function strings(bytes: Buffer, flags2: number, offset: number): string[] {
  if (!(flags2 & unicode)) return bytes.toString('latin1', 0, 2_048).split('\0').slice(0, 8);
  const aligned = offset % 2 ? bytes : bytes.subarray(1);
  return aligned
    .toString('utf16le', 0, Math.min(aligned.length & ~1, 2_048))
    .split('\0')
    .slice(0, 8);
}

function treeConnect(peer: Peer, request: Request): Buffer {
  const secret = request.words.length >= 8 ? request.words.readUInt16LE(6) : 0;
  const [path = ''] = strings(request.bytes.subarray(secret), request.flags2, secret + 1);
  const code = peer.share(path, 'NT LM 0.12');
  if (code !== status.success) return reply(request, code);
  return reply(request, code, Buffer.from([0xff, 0, 0, 0, 1, 0]), Buffer.from('IPC\0\0', 'latin1'), 0x0800);
}

/** The probe for MS17-010 peeks at a pipe that is none: without the patch resources are short, with it access is denied. */
function transaction(peer: Peer, request: Request): Buffer {
  const peeks = request.words.length >= 30 && request.words.readUInt16LE(28) === 0x23;
  if (!peeks) return reply(request, status.accessDenied);
  peer.wire.emit({
    kind: 'command',
    input: 'PeekNamedPipe',
    ok: true,
    detail: { probe: 'MS17-010', cve: 'CVE-2017-0144' },
  });
  return reply(request, peer.machine.vulnerable ? status.insufficientResources : status.accessDenied);
}

/** SESSION_SETUP is not implemented by any server; the implant DoublePulsar answers it by another multiplex id. */
function transaction2(peer: Peer, request: Request, message: Buffer): Buffer {
  const command = request.words.length >= 30 ? request.words.readUInt16LE(28) : -1;
  if (command === 0x0e) {
    const timeout = request.words.readUInt32LE(12);
    peer.wire.emit({
      kind: 'command',
      input: 'Trans2 SESSION_SETUP',
      ok: false,
      detail: {
        probe: 'DoublePulsar',
        timeout,
        operation: ['ping', 'kill', 'run'][opcode(timeout)] ?? 'other',
      },
    });
    if (message.length > 256) keep(peer, message, 'DoublePulsar');
    return reply(request, status.notImplemented);
  }
  return reply(request, status.accessDenied);
}

/** The operation that the sum of the timeout's bytes stands for: 0x23 ping, 0x77 kill, 0xc8 run. */
function opcode(timeout: number): number {
  const sum = (timeout + (timeout >>> 8) + (timeout >>> 16) + (timeout >>> 24)) & 0xff;
  return [0x23, 0x77, 0xc8].indexOf(sum);
}

/** What overflows the pool comes in these: kept, and answered as the first of it is. */
function overflow(peer: Peer, request: Request, message: Buffer): Buffer {
  keep(peer, message, 'MS17-010');
  return request.command === 0xa0 ? reply(request, status.success) : none;
}

function keep({ wire }: Peer, message: Buffer, how: string): void {
  wire.emit({ kind: 'upload', ...wire.keep(message), name: how, detail: { how, command: message[4]! } });
}
