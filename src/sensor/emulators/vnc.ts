import { z } from 'zod';
import { defineEmulator, type Wire } from '../emulator.ts';
import { answerTo, crackable } from '../vnc/challenge.ts';
import { desktop } from '../vnc/desktop.ts';
import { admits } from './credentials.ts';
import { guesses } from './guesses.ts';

const vncAuthentication = 2;
const failed = 'password check failed!';

/** VNC as x11vnc (LibVNCServer 0.9) speaks it: RFB 3.3, 3.7 and 3.8 with VNC authentication (RFC 6143 §7.1, §7.2.2). */
export const vnc = defineEmulator({
  name: 'vnc',
  summary: 'VNC display with a password',
  port: 5900,
  highPort: 5900,
  options: z.strictObject({}),

  async session(wire) {
    wire.send('RFB 003.008\n');
    const version = await wire.bytes(12);
    if (version === null) return;
    const [, major, minor] = /^RFB (\d{3})\.(\d{3})\n$/.exec(version.toString('latin1')) ?? [];
    if (major === undefined || Number(major) !== 3) return;
    wire.emit({ kind: 'fingerprint', method: 'rfb-version', value: `${Number(major)}.${Number(minor)}` });
    // Whatever is newer is spoken to as 3.8, 3.3 to 3.6 as 3.3 (§7.1.1).
    const revision = Number(minor) >= 8 ? 8 : Number(minor) === 7 ? 7 : 3;
    if (revision === 3) wire.send(Buffer.from([0, 0, 0, vncAuthentication]));
    else {
      wire.send(Buffer.from([1, vncAuthentication]));
      const chosen = await wire.bytes(1);
      if (chosen === null) return;
      if (chosen[0] !== vncAuthentication) {
        // CVE-2006-2369 and its like ask for none.
        wire.emit({ kind: 'data', size: 1, detail: { securityType: chosen[0]! } });
        return;
      }
    }
    if (await authenticate(wire, revision)) await desktop(wire);
  },
});

async function authenticate(wire: Wire, revision: number): Promise<boolean> {
  const challenge = Buffer.from(Array.from({ length: 16 }, () => Math.floor(wire.random() * 256)));
  wire.send(challenge);
  const response = await wire.bytes(16);
  if (response === null) return false;
  let secret: string | null = null;
  for (const guess of guesses('')) {
    if (answerTo(challenge, guess).equals(response)) {
      secret = guess.slice(0, 8);
      break;
    }
  }
  // VNC knows no user: the pair is weighed as the administrator's.
  const ok = secret !== null && admits(wire, wire.persona.admin, secret);
  const hash = crackable(challenge, response);
  wire.emit({
    kind: 'login',
    user: '',
    secret: secret ?? hash,
    ok,
    method: 'vnc',
    detail: { hash, recovered: secret !== null },
  });
  if (ok) {
    wire.send(Buffer.alloc(4));
    return true;
  }
  const reason = Buffer.concat([Buffer.from([0, 0, 0, failed.length]), Buffer.from(failed)]);
  wire.send(Buffer.concat([Buffer.from([0, 0, 0, 1]), ...(revision === 8 ? [reason] : [])]));
  return false;
}
