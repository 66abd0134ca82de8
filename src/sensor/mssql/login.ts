import type { Wire } from '../emulator.ts';

export interface Login {
  user: string;
  secret: string;
  tds: number;
  host: string;
  program: string;
  library: string;
  server: string;
  database: string;
  /** Windows authentication is asked for. */
  integrated: boolean;
}

const textLimit = 128;

/** LOGIN7 (MS-TDS §2.2.6.4); null where it is none. A password is only scrambled: nibbles swapped, then XOR with 0xA5. */
export function readLogin(body: Buffer): Login | null {
  if (body.length < 94 || body.readUInt32LE(0) > body.length) return null;
  const bytes = (at: number) => {
    const from = body.readUInt16LE(at);
    const size = Math.min(body.readUInt16LE(at + 2), textLimit) * 2;
    return body.subarray(Math.min(from, body.length), Math.min(from + size, body.length));
  };
  const text = (at: number) => bytes(at).toString('utf16le');
  const secret = Buffer.from(
    bytes(44).map((byte) => {
      const plain = byte ^ 0xa5;
      return ((plain << 4) | (plain >> 4)) & 255;
    }),
  ).toString('utf16le');
  return {
    user: text(40),
    secret,
    tds: body.readUInt32LE(4),
    host: text(36),
    program: text(48),
    library: text(60),
    server: text(52),
    database: text(68),
    integrated: (body[25]! & 0x80) !== 0,
  };
}

/** Our PRELOGIN (§2.2.6.5): version, no encryption, no instance, no thread; whether there is MARS only to who asks. */
export function prelogin(version: readonly number[], asked: Buffer): Buffer {
  const [major = 0, minor = 0, build = 0] = version;
  const values = [
    Buffer.from([major, minor, build >> 8, build & 255, 0, 0]),
    Buffer.from([2]),
    Buffer.from([0]),
    Buffer.alloc(0),
  ];
  if (asksMars(asked)) values.push(Buffer.from([0]));
  const heads: number[] = [];
  let at = values.length * 5 + 1;
  for (const [i, value] of values.entries()) {
    heads.push(i, at >> 8, at & 255, 0, value.length);
    at += value.length;
  }
  return Buffer.concat([Buffer.from([...heads, 0xff]), ...values]);
}

function asksMars(asked: Buffer): boolean {
  for (let at = 0; at < Math.min(asked.length, 64) && asked[at] !== 0xff; at += 5)
    if (asked[at] === 4) return true;
  return false;
}

/** What a client says of itself. */
export function tellClient(wire: Wire, { host, program, library, database, server, tds }: Login): void {
  const detail = { host, library, server, database };
  wire.emit({
    kind: 'fingerprint',
    method: 'tds-client',
    value: `${program}|${library}|${tds.toString(16)}`,
    software: program || library,
    detail,
  });
}
