import type { Reader } from '../data.ts';

/** What a key exchange came to, before it is signed. */
export interface Agreed {
  /** The number of the reply message. */
  reply: number;
  /** What stands between host key and signature in the reply. */
  fields: Buffer;
  /** What stands between host key and secret in what is hashed (RFC 4253 §8). */
  hashed: Buffer;
  /** The shared secret as it is hashed: an mpint, or a string for the hybrid method. */
  secret: Buffer;
}

/** One running key exchange of the server's side. */
export interface Exchange {
  readonly hash: 'sha1' | 'sha256' | 'sha384' | 'sha512';
  /** Takes a message: an answer to send, the agreement, or undefined where the message is not expected now. */
  take(type: number, body: Reader): Agreed | { send: Buffer } | undefined;
}
