import type { Wire } from '../emulator.ts';
import type { Product } from './products/index.ts';

/** SSH_MAX_BANNER_LEN of OpenSSH, and what Dropbear reads of a line. */
const longest = { openssh: 8_192, dropbear: 255 };
const invalid = 'Invalid SSH identification string.\r\n';
/** Clients that OpenSSH closes on without a word: scanners of old (compat.c). */
const scanners = /^(Probe-|.*SSH_Version_Mapper)/;

/**
 * Reads the client's identification string (RFC 4253 §4.2). Undefined where there is none that the product takes; what
 * the product says to that has been said.
 */
export async function readIdent(wire: Wire, { family }: Product): Promise<string | undefined> {
  const line = await readLine(wire, longest[family], family === 'openssh');
  if (line === undefined) return undefined;
  if (family === 'dropbear') {
    return line !== false && /^SSH-(2\.|1\.99-)/.test(line) ? line : undefined;
  }
  const refuse = (text: string) => {
    wire.send(text);
    return undefined;
  };
  if (line === false || !line.startsWith('SSH-')) return refuse(invalid);
  // sscanf("SSH-%d.%d-%[^\n]"): blanks and signs before the numbers are fine.
  const [, major, minor, software = ''] = /^SSH-\s*([+-]?\d+)\.\s*([+-]?\d+)-(.+)$/s.exec(line) ?? [];
  if (major === undefined) return refuse(invalid);
  if (Number(major) !== 2 && !(Number(major) === 1 && Number(minor) === 99)) {
    return refuse('Protocol major versions differ.\r\n');
  }
  return scanners.test(software) ? undefined : line;
}

/** A line without its end; false where it is none, undefined where the peer has gone. `strict`: NUL and CR within are refused. */
async function readLine(wire: Wire, limit: number, strict: boolean): Promise<string | false | undefined> {
  let line = '';
  let afterReturn = false;
  for (;;) {
    const chunk = await wire.read();
    if (chunk === null) return undefined;
    for (let at = 0; at < chunk.length; at++) {
      const code = chunk[at]!;
      if (code === 13) {
        afterReturn = true;
        continue;
      }
      if (code === 10) {
        wire.unread(chunk.subarray(at + 1));
        return line;
      }
      if (strict && (code === 0 || afterReturn)) return false;
      line += String.fromCharCode(code);
      if (line.length < limit || (strict && line.length === limit)) continue;
      if (strict) return false;
      wire.unread(chunk.subarray(at + 1));
      return line;
    }
  }
}
