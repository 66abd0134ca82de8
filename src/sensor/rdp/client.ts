/** What a client says of itself in its Connect-Initial (MS-RDPBCGR §2.2.1.3.2, `TS_UD_CS_CORE`). */
export interface ClientCore {
  name: string;
  build: number;
  version: number;
  keyboard: number;
  width: number;
  height: number;
  /** Channels that it asks for: `rdpdr` shares its drives, `MS_T120` is an attack (CVE-2019-0708). */
  channels: string[];
}

const core = 0xc001;
const network = 0xc003;

/** Looks for the client's blocks behind the conference create request's key `Duca` (T.124 §8.7). */
export function readClientCore(packet: Buffer): ClientCore | undefined {
  let at = packet.indexOf('Duca');
  if (at < 0) return undefined;
  at += 4;
  // The length is PER: one byte, or two with the highest bit set.
  at += packet[at]! & 0x80 ? 2 : 1;
  let found: ClientCore | undefined;
  for (let blocks = 0; blocks < 16 && at + 4 <= packet.length; blocks++) {
    const type = packet.readUInt16LE(at);
    const size = packet.readUInt16LE(at + 2);
    if (size < 4 || at + size > packet.length) break;
    const block = packet.subarray(at, at + size);
    if (type === core && size >= 60) found = readCore(block);
    else if (type === network && found && size >= 8) found.channels = channelsOf(block);
    at += size;
  }
  return found;
}

function readCore(block: Buffer): ClientCore {
  return {
    version: block.readUInt32LE(4),
    width: block.readUInt16LE(8),
    height: block.readUInt16LE(10),
    keyboard: block.readUInt32LE(16),
    build: block.readUInt32LE(20),
    name: block.toString('utf16le', 24, 56).replace(/\0.*$/s, ''),
    channels: [],
  };
}

function channelsOf(block: Buffer): string[] {
  const count = Math.min(block.readUInt32LE(4), 31);
  const names: string[] = [];
  for (let i = 0; i < count && 8 + 12 * (i + 1) <= block.length; i++)
    names.push(block.toString('latin1', 8 + 12 * i, 16 + 12 * i).replace(/\0.*$/s, ''));
  return names;
}
