import { createCipheriv } from 'node:crypto';

/**
 * What a client that knows the password answers to a challenge (RFC 6143 §7.2.2): single DES in ECB, each byte of the
 * eight-byte key with its bits reversed. Triple DES with one key three times is single DES, which OpenSSL no longer has.
 */
export function answerTo(challenge: Buffer, secret: string): Buffer {
  const key = Buffer.alloc(8);
  key.write(secret.slice(0, 8), 'latin1');
  for (let n = 0; n < 8; n++) key[n] = reversed(key[n]!);
  const cipher = createCipheriv('des-ede3', Buffer.concat([key, key, key]), null);
  cipher.setAutoPadding(false);
  return Buffer.concat([cipher.update(challenge), cipher.final()]);
}

function reversed(byte: number): number {
  let result = 0;
  for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) result |= 0x80 >> bit;
  return result;
}

/** The pair in the form that John the Ripper takes. */
export function crackable(challenge: Buffer, response: Buffer): string {
  return `$vnc$*${challenge.toString('hex')}*${response.toString('hex')}`
    .toUpperCase()
    .replace('$VNC$', '$vnc$');
}
