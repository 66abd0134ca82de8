import type { Persona } from '../persona.ts';

/** NTLM over connections (MS-NLMP §2.2.1): the challenge, and what comes back, as crackers read it. */

const signature = Buffer.from('NTLMSSP\0', 'latin1');

export interface Challenge {
  /** Eight bytes that the answer is made over. */
  nonce: Buffer;
  message: Buffer;
}

export interface Naming {
  computer: string;
  domain: string;
  version: [major: number, minor: number, build: number];
}

/** The NTLM message inside any wrapping, by its signature; null where there is none. */
export function findNtlm(bytes: Buffer): { type: number; message: Buffer } | null {
  const at = bytes.indexOf(signature);
  if (at < 0 || bytes.length < at + 12) return null;
  return { type: bytes.readUInt32LE(at + 8), message: bytes.subarray(at) };
}

/** How a persona's machine is called among Windows machines. */
export function namingOf(persona: Persona, version: [number, number, number]): Naming {
  const computer = persona.hostname.toUpperCase().slice(0, 15);
  return { computer, domain: computer, version };
}

const flags = {
  unicode: 0x1,
  requestTarget: 0x4,
  ntlm: 0x200,
  sign: 0x10,
  seal: 0x20,
  always: 0x8000,
  serverTarget: 0x20000,
  extended: 0x80000,
  targetInfo: 0x800000,
  version: 0x2000000,
  wide: 0x20000000,
  exchange: 0x40000000,
  single: 0x80000000,
} as const;

/** CHALLENGE_MESSAGE (§2.2.1.2) to this NEGOTIATE_MESSAGE. */
export function challengeTo(negotiate: Buffer, naming: Naming, nonce: Buffer, now: number): Challenge {
  const asked = negotiate.length >= 16 ? negotiate.readUInt32LE(12) : 0;
  const shared =
    asked &
    (flags.unicode |
      flags.requestTarget |
      flags.ntlm |
      flags.sign |
      flags.seal |
      flags.always |
      flags.extended |
      flags.wide |
      flags.exchange |
      flags.single);
  const granted =
    (shared | flags.unicode | flags.ntlm | flags.serverTarget | flags.targetInfo | flags.version) >>> 0;
  const name = Buffer.from(naming.domain, 'utf16le');
  const info = targetInfo(naming, now);
  const head = Buffer.alloc(56);
  signature.copy(head);
  head.writeUInt32LE(2, 8);
  head.writeUInt16LE(name.length, 12);
  head.writeUInt16LE(name.length, 14);
  head.writeUInt32LE(56, 16);
  head.writeUInt32LE(granted, 20);
  nonce.copy(head, 24, 0, 8);
  head.writeUInt16LE(info.length, 40);
  head.writeUInt16LE(info.length, 42);
  head.writeUInt32LE(56 + name.length, 44);
  head[48] = naming.version[0];
  head[49] = naming.version[1];
  head.writeUInt16LE(naming.version[2], 50);
  head[55] = 15;
  return { nonce, message: Buffer.concat([head, name, info]) };
}

/** AV_PAIRs (§2.2.2.1): names of domain and computer, short and long, and the time. */
function targetInfo({ computer, domain }: Naming, now: number): Buffer {
  const pair = (id: number, value: Buffer) => {
    const head = Buffer.alloc(4);
    head.writeUInt16LE(id, 0);
    head.writeUInt16LE(value.length, 2);
    return Buffer.concat([head, value]);
  };
  const text = (value: string) => Buffer.from(value, 'utf16le');
  return Buffer.concat([
    pair(2, text(domain)),
    pair(1, text(computer)),
    pair(4, text(domain)),
    pair(3, text(computer)),
    pair(7, fileTime(now)),
    pair(0, Buffer.alloc(0)),
  ]);
}

/** Tenths of microseconds since 1601 (MS-DTYP §2.3.3). */
export function fileTime(ms: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE((BigInt(Math.floor(ms)) + 11_644_473_600_000n) * 10_000n);
  return bytes;
}

export interface Answer {
  user: string;
  domain: string;
  workstation: string;
  /** As hashcat and john read it: mode 5600 (NTLMv2), 5500 (NTLMv1); empty for an anonymous one. */
  crackable: string;
  version: 'ntlmv2' | 'ntlmv1' | 'anonymous';
}

/** AUTHENTICATE_MESSAGE (§2.2.1.3); null where it is cut short. */
export function readAnswer(message: Buffer, nonce: Buffer): Answer | null {
  if (message.length < 64) return null;
  const field = (at: number): Buffer | null => {
    const size = message.readUInt16LE(at);
    const offset = message.readUInt32LE(at + 4);
    return offset + size <= message.length ? message.subarray(offset, offset + size) : null;
  };
  const [lm, nt, domain, user, workstation] = [12, 20, 28, 36, 44].map(field);
  if (!lm || !nt || !domain || !user || !workstation) return null;
  const wide = (message.readUInt32LE(60) & flags.unicode) !== 0;
  const text = (bytes: Buffer) => bytes.toString(wide ? 'utf16le' : 'latin1').slice(0, 256);
  const who = { user: text(user), domain: text(domain), workstation: text(workstation) };
  const hex = (bytes: Buffer) => bytes.toString('hex');
  const start = `${who.user}::${who.domain}:`;
  if (nt.length > 24)
    return {
      ...who,
      version: 'ntlmv2',
      crackable: `${start}${hex(nonce)}:${hex(nt.subarray(0, 16))}:${hex(nt.subarray(16))}`,
    };
  if (nt.length === 24)
    return { ...who, version: 'ntlmv1', crackable: `${start}${hex(lm)}:${hex(nt)}:${hex(nonce)}` };
  return { ...who, version: 'anonymous', crackable: '' };
}
