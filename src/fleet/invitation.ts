import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import { Fault } from '../kit/fault.ts';

/** What an operator carries to a new sensor: a secret that works once, and which hub it is good for. */
export interface Invitation {
  secret: string;
  /** SHA-256 of the authority's certificate, so that nobody else can pose as the hub. */
  authority: string;
}

/**
 * Writes an invitation with a new secret of 192 bits. Its first word says what the text is, and keeps a
 * secret that begins with `-` (one in 64) from being an option of a command line.
 */
export function invite(authority: string): { text: string; secret: string } {
  const secret = randomBytes(24).toString('base64url');
  return { text: `invite_${secret}.${fingerprint(authority)}`, secret };
}

/** Reads an invitation; a `usage` fault where the text is none. */
export function readInvitation(text: string): Invitation {
  const found = /^invite_([A-Za-z0-9_-]{32})\.([A-Za-z0-9_-]{43})$/.exec(text.trim());
  if (!found)
    throw new Fault('usage', 'That is no invitation.', {
      remedies: [
        { path: 'TOKEN', expected: 'what `caltrop fleet invite NAME` printed', remedy: 'Copy all of it.' },
      ],
    });
  return { secret: found[1]!, authority: found[2]! };
}

/** SHA-256 of a certificate, base64url. */
export function fingerprint(pem: string | Buffer): string {
  return createHash('sha256').update(new X509Certificate(pem).raw).digest('base64url');
}

export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
