import { z } from 'zod';
import { identify } from '../catchall/identify.ts';
import { socks4, socks5 } from '../catchall/socks.ts';
import { defineEmulator, type StreamEmulator, type Wire } from '../emulator.ts';
import { tellClientHello } from '../tls/tell.ts';
import { adb } from './adb.ts';
import { findDownloads } from './downloads.ts';
import { http } from './http.ts';
import { redis } from './redis.ts';

/** How much of what was sent is kept, and how much of its start is looked at for where to fetch from. */
const keptLimit = 1_048_576;
const searchLimit = 65_536;

/** Those that go on as the real thing where they are asked for. */
const whole: Record<string, StreamEmulator> = { adb, http, redis };

/** Any other port: keeps what comes, says what it looks like, and answers at most as a server of that protocol would at first. */
export const catchall = defineEmulator({
  name: 'catchall',
  summary: 'Any other port: keeps what was sent, answers by what it looks like',
  port: 4444,
  highPort: 4444,
  options: z.strictObject({
    /** Protocols that it speaks on as its emulators do; the others get a first answer or none. */
    speaks: z.array(z.enum(['adb', 'http', 'redis'])).default(['http']),
    /** Says nothing at all, whatever comes. */
    silent: z.boolean().default(false),
  }),

  async session(wire, { speaks, silent }) {
    const first = await wire.read();
    if (first === null) return;
    const looks = identify(first);
    wire.emit({
      kind: 'fingerprint',
      method: 'protocol',
      value: looks.name,
      ...(looks.software ? { software: looks.software } : {}),
      ...(looks.user === undefined ? {} : { detail: { user: looks.user } }),
    });
    wire.unread(first);
    if (looks.name === 'tls') await tellClientHello(wire);
    if (silent) return gather(wire);
    const emulator = (speaks as string[]).includes(looks.name) ? whole[looks.name] : undefined;
    if (emulator) return emulator.session(wire, emulator.options.parse({}));
    if (looks.name === 'socks5') return socks5(wire);
    if (looks.name === 'socks4') return socks4(wire);
    if (looks.name === 'tls') {
      await wire.read();
      // Alert, fatal, handshake_failure (RFC 5246 §7.2): as a server that shares no cipher with the client.
      wire.send('\x15\x03\x01\x00\x02\x02\x28');
      return;
    }
    if (looks.answer) wire.send(looks.answer);
    if (looks.close) {
      await wire.read();
      return;
    }
    return gather(wire);
  },
});

/** Reads to the end and keeps it. */
async function gather(wire: Wire): Promise<void> {
  const pieces: Buffer[] = [];
  let size = 0;
  let kept = 0;
  for (let bytes = await wire.read(); bytes !== null; bytes = await wire.read()) {
    size += bytes.length;
    if (kept >= keptLimit) continue;
    const piece = Buffer.from(bytes.subarray(0, keptLimit - kept));
    kept += piece.length;
    pieces.push(piece);
  }
  if (size === 0) return;
  const all = Buffer.concat(pieces);
  wire.emit({ kind: 'data', size, ...(size > 256 ? { sha256: wire.keep(all).sha256 } : {}) });
  for (const { url, tool } of findDownloads(all.toString('latin1', 0, searchLimit)))
    if (tool !== 'url') wire.emit({ kind: 'download', url, tool });
}
