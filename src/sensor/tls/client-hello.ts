import { createHash } from 'node:crypto';

/** What a client offers in its first TLS message (RFC 8446 §4.1.2). */
export interface ClientHello {
  version: number;
  ciphers: number[];
  extensions: number[];
  groups: number[];
  points: number[];
  signatures: number[];
  versions: number[];
  alpn: string[];
  serverName: string;
}

/** A hello of more bytes than these is not waited for. */
const helloLimit = 65_536;

/** Reads a ClientHello from the start of a connection. Null where it is none, undefined where more bytes are needed. */
export function readClientHello(bytes: Buffer): ClientHello | null | undefined {
  const message = handshake(bytes);
  if (!Buffer.isBuffer(message)) return message;
  try {
    return parse(message);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** The handshake message, which may span records (RFC 8446 §5.1). */
function handshake(bytes: Buffer): Buffer | null | undefined {
  const pieces: Buffer[] = [];
  let size = 0;
  for (let at = 0; ; ) {
    if (bytes.length > at && bytes[at] !== 22) return null;
    if (bytes.length < at + 5) return undefined;
    const length = bytes.readUInt16BE(at + 3);
    if (bytes[at + 1] !== 3 || length === 0 || length > 16_640) return null;
    if (bytes.length < at + 5 + length) return undefined;
    pieces.push(bytes.subarray(at + 5, at + 5 + length));
    size += length;
    at += 5 + length;
    const all = pieces.length > 1 ? Buffer.concat(pieces) : pieces[0]!;
    if (all[0] !== 1) return null;
    if (size < 4) continue;
    const wanted = all.readUIntBE(1, 3);
    if (wanted > helloLimit) return null;
    if (size >= 4 + wanted) return all.subarray(4, 4 + wanted);
  }
}

function parse(body: Buffer): ClientHello {
  let at = 34;
  const take = (width: 1 | 2): Buffer => {
    const size = body.readUIntBE(at, width);
    at += width;
    if (at + size > body.length) throw new RangeError('a length goes beyond the message');
    at += size;
    return body.subarray(at - size, at);
  };
  const hello: ClientHello = {
    version: body.readUInt16BE(0),
    ciphers: [],
    extensions: [],
    groups: [],
    points: [],
    signatures: [],
    versions: [],
    alpn: [],
    serverName: '',
  };
  take(1);
  hello.ciphers = pairs(take(2));
  take(1);
  const end = at + 2 <= body.length ? at + 2 + body.readUInt16BE(at) : at;
  at += 2;
  while (at + 4 <= Math.min(end, body.length)) {
    const type = body.readUInt16BE(at);
    at += 2;
    extension(hello, type, take(2));
  }
  return hello;
}

function extension(hello: ClientHello, type: number, data: Buffer): void {
  hello.extensions.push(type);
  if (type === 0 && data.length > 5)
    hello.serverName = data.toString('latin1', 5, 5 + data.readUInt16BE(3)).slice(0, 256);
  else if (type === 10) hello.groups = pairs(data.subarray(2));
  else if (type === 11) hello.points = [...data.subarray(1)];
  else if (type === 13) hello.signatures = pairs(data.subarray(2));
  else if (type === 43) hello.versions = pairs(data.subarray(1));
  else if (type === 16)
    for (let at = 2; at < data.length && hello.alpn.length < 32; at += 1 + data[at]!)
      hello.alpn.push(data.toString('latin1', at + 1, at + 1 + data[at]!));
}

function pairs(bytes: Buffer): number[] {
  const list: number[] = [];
  for (let at = 0; at + 2 <= bytes.length; at += 2) list.push(bytes.readUInt16BE(at));
  return list;
}

/** Values that clients strew in so that servers learn to ignore them (RFC 8701). */
const isGrease = (value: number) => (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 0xff);
const real = (list: number[]) => list.filter((value) => !isGrease(value));

/** JA3 (Althouse, Atkinson, Atkins 2017): MD5 over version, ciphers, extensions, groups and point formats in their order. */
export function ja3(hello: ClientHello): string {
  const text = [
    hello.version,
    real(hello.ciphers).join('-'),
    real(hello.extensions).join('-'),
    real(hello.groups).join('-'),
    hello.points.join('-'),
  ].join(',');
  return createHash('md5').update(text).digest('hex');
}

const names: Record<number, string> = { 772: '13', 771: '12', 770: '11', 769: '10', 768: 's3', 2: 's2' };

/** JA4, the TLS client fingerprint (FoxIO-LLC/ja4, `technical_details/JA4.md`; BSD 3-Clause). */
export function ja4(hello: ClientHello): string {
  const version = Math.max(...real(hello.versions), 0) || hello.version;
  const ciphers = real(hello.ciphers).map(hex).sort();
  const extensions = real(hello.extensions);
  const hashed = extensions
    .filter((type) => type !== 0 && type !== 16)
    .map(hex)
    .sort();
  const count = (size: number) => String(Math.min(size, 99)).padStart(2, '0');
  const signatures = real(hello.signatures).map(hex);
  const rest = signatures.length ? `${hashed.join(',')}_${signatures.join(',')}` : hashed.join(',');
  const start = `t${names[version] ?? '00'}${extensions.includes(0) ? 'd' : 'i'}`;
  return `${start}${count(ciphers.length)}${count(extensions.length)}${ends(hello.alpn[0])}_${ciphers.length ? sha12(ciphers.join(',')) : '0'.repeat(12)}_${hashed.length ? sha12(rest) : '0'.repeat(12)}`;
}

const hex = (value: number) => value.toString(16).padStart(4, '0');
const sha12 = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 12);

/** The first and last character of the first protocol asked for; of its hexadecimal form where those are no letters or digits. */
function ends(alpn: string | undefined): string {
  if (!alpn) return '00';
  const both = alpn[0]! + alpn.at(-1)!;
  if (/^[0-9A-Za-z]{2}$/.test(both)) return both;
  const text = Buffer.from(alpn, 'latin1').toString('hex');
  return text[0]! + text.at(-1)!;
}
