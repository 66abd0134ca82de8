import type { Wire } from '../emulator.ts';
import { readAnswer } from './messages.ts';

/** Tells who tried to get in, with what a cracker needs. Returns the account, or null where the message is broken. */
export function tellAnswer(
  wire: Wire,
  message: Buffer,
  nonce: Buffer,
  detail: Record<string, string | number> = {},
): string | null {
  const answer = readAnswer(message, nonce);
  if (!answer) {
    wire.emit({ kind: 'data', size: message.length, detail: { how: 'broken NTLM answer' } });
    return null;
  }
  // Who gives no name may still give a domain.
  const user = answer.domain && answer.user ? `${answer.domain}\\${answer.user}` : answer.user;
  wire.emit({
    kind: 'login',
    user,
    secret: answer.crackable,
    ok: false,
    method: answer.version,
    detail: { ...detail, ...(answer.workstation ? { workstation: answer.workstation } : {}) },
  });
  return user;
}

/** Eight bytes drawn anew. */
export function drawNonce(wire: Pick<Wire, 'random'>): Buffer {
  return Buffer.from(Array.from({ length: 8 }, () => Math.floor(wire.random() * 256)));
}
