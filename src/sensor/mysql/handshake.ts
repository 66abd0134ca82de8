import { Reader } from './reader.ts';

/** Capability flags ("Capabilities Flags"; MariaDB's own: "Connection", bits 32 on). */
export const capability = {
  connectWithDb: 1 << 3,
  compress: 1 << 5,
  protocol41: 1 << 9,
  ssl: 1 << 11,
  secureConnection: 1 << 15,
  pluginAuth: 1 << 19,
  connectAttributes: 1 << 20,
  lenencAuth: 1 << 21,
  deprecateEof: 1 << 24,
} as const;
/** Bits 35 and 36, counted from bit 32. */
export const extension = { extendedMetadata: 1 << 3, cacheMetadata: 1 << 4 } as const;

export type Plugin = 'mysql_native_password' | 'caching_sha2_password';

/** What the products say of themselves: recorded from MariaDB 10.11.19; MySQL 8.0 by its manual, without TLS. */
export interface Flavour {
  maria: boolean;
  version: string;
  shown: string;
  comment: string;
  capabilities: number;
  extensions: number;
  charset: number;
  plugin: Plugin;
}

export function flavourOf(version: string): Flavour {
  const maria = /mariadb/i.test(version);
  if (maria) {
    const comment = /deb12/.test(version)
      ? 'Debian 12'
      : /ubuntu|\.22\.04|\.24\.04/.test(version)
        ? 'Ubuntu'
        : 'MariaDB Server';
    // 0xf7fe, 0x81ff: everything but LONG_PASSWORD and TLS.
    return {
      maria,
      version,
      shown: `5.5.5-${version}`,
      comment,
      capabilities: 0x81fff7fe,
      extensions: 0x1d,
      charset: 45,
      plugin: 'mysql_native_password',
    };
  }
  const comment = version.includes('ubuntu') ? '(Ubuntu)' : 'MySQL Community Server - GPL';
  return {
    maria,
    version,
    shown: version,
    comment,
    capabilities: 0xdffff7ff,
    extensions: 0,
    charset: 255,
    plugin: version.startsWith('5.') ? 'mysql_native_password' : 'caching_sha2_password',
  };
}

/** Protocol::HandshakeV10. */
export function greeting(flavour: Flavour, id: number, salt: Buffer): Buffer {
  const tail = Buffer.alloc(31);
  salt.copy(tail, 0, 0, 8);
  tail.writeUInt16LE(flavour.capabilities & 0xffff, 9);
  tail[11] = flavour.charset;
  tail.writeUInt16LE(2, 12);
  tail.writeUInt16LE(flavour.capabilities >>> 16, 14);
  tail[16] = 21;
  tail.writeUInt32LE(flavour.extensions, 23);
  const number = Buffer.alloc(4);
  number.writeUInt32LE(id);
  return Buffer.concat([
    Buffer.from(`\n${flavour.shown}\0`, 'latin1'),
    number,
    tail.subarray(0, 27),
    salt.subarray(8),
    Buffer.from(`\0${flavour.plugin}\0`),
  ]);
}

export interface Hello {
  capabilities: number;
  extensions: number;
  maxPacket: number;
  charset: number;
  user: string;
  response: Buffer;
  database: string;
  plugin: string;
  attributes: [string, string][];
  /** HandshakeResponse320: before 4.1. */
  old: boolean;
}

const attributeLimit = 64;

/** Protocol::HandshakeResponse41, and 320. */
export function readHello(body: Buffer): Hello {
  const reader = new Reader(body);
  const low = body.length >= 2 ? body.readUInt16LE(0) : 0;
  if (!(low & capability.protocol41)) {
    reader.skip(2);
    const maxPacket = reader.int(3);
    const user = reader.text();
    const response = Buffer.from(reader.text(), 'latin1');
    return {
      capabilities: low,
      extensions: 0,
      maxPacket,
      charset: 8,
      user,
      response,
      database: reader.text(),
      plugin: '',
      attributes: [],
      old: true,
    };
  }
  const capabilities = reader.int(4);
  const maxPacket = reader.int(4);
  const charset = reader.int(1);
  reader.skip(19);
  const extensions = reader.int(4);
  const user = reader.text();
  let response: Buffer;
  if (capabilities & capability.lenencAuth) response = reader.sized();
  else if (capabilities & capability.secureConnection) response = reader.bytes(reader.int(1));
  else response = Buffer.from(reader.text(), 'latin1');
  const database = capabilities & capability.connectWithDb ? reader.text() : '';
  const plugin = capabilities & capability.pluginAuth ? reader.text() : '';
  const attributes: [string, string][] = [];
  if (capabilities & capability.connectAttributes) {
    const inner = new Reader(reader.sized());
    while (inner.left > 0 && attributes.length < attributeLimit)
      attributes.push([inner.sized().toString('latin1'), inner.sized().toString('latin1')]);
  }
  return {
    capabilities,
    extensions: capabilities & 1 ? 0 : extensions,
    maxPacket,
    charset,
    user,
    response,
    database,
    plugin,
    attributes,
    old: false,
  };
}
