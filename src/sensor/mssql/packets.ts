import type { Wire } from '../emulator.ts';

/** Kinds of TDS packets (MS-TDS §2.2.3.1.1). */
export const kinds = {
  batch: 1,
  oldLogin: 2,
  rpc: 3,
  answer: 4,
  attention: 6,
  bulk: 7,
  login: 16,
  sspi: 17,
  prelogin: 18,
} as const;
/** The most that one message of several packets may hold; login messages are far below it (128 KiB). */
const messageLimit = 524_288;
const packetSize = 4_096;

export interface Message {
  kind: number;
  body: Buffer;
}

/** The next message, its packets joined; null once the peer has gone, or what comes is no TDS. */
export async function readMessage(wire: Wire): Promise<Message | null> {
  const pieces: Buffer[] = [];
  let size = 0;
  for (;;) {
    const head = await wire.bytes(8);
    if (head === null) return null;
    const kind = head[0]!;
    const length = head.readUInt16BE(2);
    if (!(Object.values(kinds) as number[]).includes(kind) || length < 8 || size + length > messageLimit)
      return null;
    if (length > 8) {
      const piece = await wire.bytes(length - 8);
      if (piece === null) return null;
      pieces.push(piece);
      size += piece.length;
    } else size += 8;
    // Status: end of message.
    if (head[1]! & 1) return { kind, body: Buffer.concat(pieces) };
  }
}

/** Bytes for the peer, cut into packets; from the login on they name the session's process (SPID). */
export function answer(body: Buffer, process = 54): Buffer {
  const room = packetSize - 8;
  const pieces: Buffer[] = [];
  for (let at = 0, id = 1; at === 0 || at < body.length; at += room, id++) {
    const part = body.subarray(at, at + room);
    const head = Buffer.from([kinds.answer, at + room >= body.length ? 1 : 0, 0, 0, 0, process, id & 255, 0]);
    head.writeUInt16BE(part.length + 8, 2);
    pieces.push(head, part);
  }
  return Buffer.concat(pieces);
}

export const utf16 = (text: string) => Buffer.from(text, 'utf16le');
/** A text with its length in characters in one byte, or in two (B_VARCHAR, US_VARCHAR). */
export const short = (text: string) =>
  Buffer.concat([Buffer.from([text.length & 255]), utf16(text.slice(0, 255))]);
const long = (text: string) => Buffer.concat([word(text.length), utf16(text)]);
export const word = (value: number) => Buffer.from([value & 255, (value >> 8) & 255]);
const dword = (value: number) => Buffer.concat([word(value & 0xffff), word(value >>> 16)]);

/** A token with its length (MS-TDS §2.2.4.2.1.3). */
const token = (code: number, ...parts: Buffer[]) => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([code]), word(body.length), body]);
};

/** How a client's release counts lines and rows: in 2 and 4 bytes before TDS 7.2, in 4 and 8 from then on. */
export interface Dialect {
  wide: boolean;
  server: string;
}

/** ERROR and INFO (§2.2.7.10, §2.2.7.13). */
const notice =
  (code: number) =>
  ({ wide, server }: Dialect, number: number, state: number, severity: number, text: string) =>
    token(
      code,
      dword(number),
      Buffer.from([state, severity]),
      long(text),
      short(server),
      short(''),
      wide ? dword(1) : word(1),
    );
export const error = notice(0xaa);
export const info = notice(0xab);

export const environment = (type: number, now: string | Buffer, before: string | Buffer) =>
  token(
    0xe3,
    Buffer.from([type]),
    ...[now, before].map((one) =>
      typeof one === 'string' ? short(one) : Buffer.concat([Buffer.from([one.length]), one]),
    ),
  );

/** DONE (§2.2.7.6): status 2 is an error, 16 a count, 32 an attention. */
export const done = ({ wide }: Dialect, status = 0, rows = 0, code = 0xfd) =>
  Buffer.concat([
    Buffer.from([code]),
    word(status),
    word(status & 16 ? 0xc1 : 0),
    dword(rows),
    wide ? dword(0) : Buffer.alloc(0),
  ]);

/** LOGINACK (§2.2.7.14). */
export const loginAck = (tds: number, version: readonly number[]) => {
  const own = Buffer.alloc(4);
  own.writeUInt32BE(tds);
  const [major = 0, minor = 0, build = 0] = version;
  return token(
    0xad,
    Buffer.from([1]),
    own,
    short('Microsoft SQL Server\0\0'),
    Buffer.from([major, minor, build >> 8, build & 255]),
  );
};

/** SQL_Latin1_General_CP1_CI_AS. */
export const collation = Buffer.from([0x09, 0x04, 0xd0, 0x00, 0x34]);

/** COLMETADATA of texts, and their rows (§2.2.7.4, §2.2.7.19). */
export function table(
  dialect: Dialect,
  columns: readonly string[],
  rows: readonly (readonly (string | null)[])[],
): Buffer {
  const metadata = columns.map((name) =>
    Buffer.concat([
      dialect.wide ? dword(0) : word(0),
      word(9),
      Buffer.from([0xe7]),
      word(8_000),
      collation,
      short(name),
    ]),
  );
  const cells = rows.map((row) =>
    Buffer.concat([
      Buffer.from([0xd1]),
      ...row.map((cell) => {
        if (cell === null) return word(0xffff);
        const bytes = utf16(cell.slice(0, 4_000));
        return Buffer.concat([word(bytes.length), bytes]);
      }),
    ]),
  );
  return Buffer.concat([
    Buffer.from([0x81]),
    word(columns.length),
    ...metadata,
    ...cells,
    done(dialect, 16, rows.length),
  ]);
}
