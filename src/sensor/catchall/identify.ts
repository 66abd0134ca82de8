/** What the first bytes of a connection look like. */
export interface Looks {
  name: string;
  /** What a server of that protocol would say first; nothing where silence or its end is as likely. */
  answer?: string;
  /** Who they say they are. */
  software?: string;
  user?: string;
  /** Ends after the answer. */
  close?: boolean;
}

type Known = readonly [name: string, looks: (text: string, bytes: Buffer) => Omit<Looks, 'name'> | boolean];

const http = /^(GET|POST|HEAD|PUT|OPTIONS|CONNECT|DELETE|PATCH|TRACE|PROPFIND|PRI) \S+/;
const sip = /^(OPTIONS|INVITE|REGISTER|SUBSCRIBE|NOTIFY|MESSAGE) sips?:/;

/** In order: the first that fits. Each is recognised by what its specification fixes in its first bytes. */
const protocols: readonly Known[] = [
  // RFC 3261 §7.1; before HTTP, whose OPTIONS looks alike.
  ['sip', (text) => sip.test(text) && { software: /^User-Agent: *(.*?)\r?$/im.exec(text)?.[1] ?? '' }],
  // RFC 7826 §20.1
  ['rtsp', (text) => / RTSP\/\d\.\d/.test(text) && { answer: rtsp(text) }],
  ['http', (text) => http.test(text)],
  // RFC 8446 §5.1
  ['tls', (_, bytes) => bytes[0] === 22 && bytes[1] === 3],
  // RFC 4253 §4.2
  ['ssh', (text) => text.startsWith('SSH-') && { software: text.split(/\r?\n/, 1)[0]!, close: true }],
  // MS-RDPBCGR §2.2.1.1
  ['rdp', (text, bytes) => bytes[0] === 3 && bytes[1] === 0 && bytes[5] === 0xe0 && rdp(text)],
  // MS-SMB §2.2.3.1, MS-SMB2 §2.2.1
  ['smb', (text) => /^\0...[\xff\xfe]SMB/s.test(text)],
  // Redis serialization protocol
  ['redis', (text) => /^\*\d+\r\n\$\d+\r\n/.test(text) || /^(INFO|PING|CONFIG GET)\b/i.test(text)],
  // RFC 1928 §3
  ['socks5', (_, bytes) => bytes[0] === 5 && bytes.length === 2 + (bytes[1] ?? -1)],
  // SOCKS4 protocol (Koblas)
  [
    'socks4',
    (_, bytes) =>
      bytes[0] === 4 && (bytes[1] === 1 || bytes[1] === 2) && bytes.length >= 9 && bytes.at(-1) === 0,
  ],
  // MQTT 3.1.1 §3.1
  [
    'mqtt',
    (text) =>
      /^\x10[\s\S]{1,4}\0[\x04\x06](MQTT|MQIsdp)/.test(text) && { answer: '\x20\x02\0\x05', close: true },
  ],
  // memcached protocol.txt
  ['memcached', (text) => /^(stats|version|get \S+|set \S+ \d+ \d+ \d+)( |\r?\n|$)/.test(text)],
  // AOSP protocol.txt
  ['adb', (text) => text.startsWith('CNXN') || text.startsWith('AUTH')],
  // RFC 8489 §5
  ['stun', (_, bytes) => bytes.length >= 20 && bytes.readUInt32BE(4) === 0x2112a442],
  // RFC 1035 §4.2.2: a length, then a query
  [
    'dns',
    (_, bytes) => bytes.length > 14 && bytes.readUInt16BE(0) === bytes.length - 2 && (bytes[4]! & 0xf8) === 0,
  ],
  // PostgreSQL §55.7: StartupMessage, SSLRequest, CancelRequest
  [
    'postgres',
    (_, bytes) => bytes.length >= 8 && [196_608, 80_877_103, 80_877_102].includes(bytes.readUInt32BE(4)),
  ],
  // MS-TDS §2.2.3.1
  [
    'mssql',
    (_, bytes) =>
      bytes[0] === 0x12 && bytes[1]! < 2 && bytes.length > 8 && bytes.readUInt16BE(2) === bytes.length,
  ],
  // RFC 4511 §4.2: a sequence, a message id, a bind
  ['ldap', (text) => /^0[\s\S]{1,5}\x02\x01[\s\S][\x60\x63]/.test(text)],
  // Modbus messaging on TCP/IP §3.1.3
  [
    'modbus',
    (_, bytes) =>
      bytes.length >= 8 && bytes.readUInt16BE(2) === 0 && bytes.readUInt16BE(4) === bytes.length - 6,
  ],
  // RFC 905 over RFC 1006: S7 comes by a connection request
  ['cotp', (_, bytes) => bytes[0] === 3 && bytes[1] === 0 && bytes[5] === 0xe0],
  // Java serialization §6.4.2, and RMI's own magic
  ['rmi', (text) => text.startsWith('JRMI') || text.startsWith('\xac\xed\0\x05')],
  ['telnet', (_, bytes) => bytes[0] === 255 && bytes[1]! >= 250],
  ['smtp', (text) => /^(EHLO|HELO|MAIL FROM)\b/i.test(text)],
  ['ftp', (text) => /^(USER|PASS|AUTH TLS)\b/.test(text)],
  ['shell', (text) => /(^|[;&|]\s*)(wget|curl|tftp|busybox|cd \/tmp|sh -c|enable|system|\/bin\/)/.test(text)],
];

export function identify(bytes: Buffer): Looks {
  const text = bytes.toString('latin1', 0, 2_048);
  for (const [name, looks] of protocols) {
    const found = looks(text, bytes);
    if (found) return { name, ...(found === true ? {} : found) };
  }
  if (/^[\x20-\x7e\r\n\t]*$/.test(text)) return { name: 'text' };
  return { name: 'binary' };
}

function rdp(text: string): Omit<Looks, 'name'> | boolean {
  const user = /Cookie: mstshash=([^\r\n]*)/.exec(text)?.[1];
  return user === undefined ? /\x01[\s\S]\x08\0[\s\S]{4}$/.test(text) || text.length === 11 : { user };
}

function rtsp(text: string): string {
  const sequence = /^CSeq: *(\d{1,9})/im.exec(text)?.[1] ?? '1';
  return `RTSP/1.0 401 Unauthorized\r\nCSeq: ${sequence}\r\nWWW-Authenticate: Basic realm="/"\r\n\r\n`;
}
