import { Duplex } from 'node:stream';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import type { Persona } from '../persona.ts';
import { identityOf } from './identity.ts';

/** Where a secured conversation hands its bytes. */
export interface Ends {
  /** Encrypted bytes for the peer. */
  write(bytes: Buffer): void;
  /** What the peer said. */
  plain(bytes: Buffer): void;
  /** The peer will say no more. */
  ended(): void;
}

/** The server's side of TLS between a session and its peer: bytes in, bytes out, no socket of its own. */
export interface Secure {
  feed(bytes: Buffer): void;
  /** The peer has closed its side. */
  finish(): void;
  send(bytes: Uint8Array): void;
  /** True once both sides agreed, false where they did not. */
  ready: Promise<boolean>;
  /** Says goodbye; resolves once all bytes were handed on. */
  close(): Promise<void>;
}

const contexts = new WeakMap<Persona, { certificate: string; context: SecureContext }>();

function contextOf(persona: Persona, now: number): SecureContext {
  const { key, certificate } = identityOf(persona, now);
  let found = contexts.get(persona);
  if (found?.certificate !== certificate) {
    // What nginx offers by default (`ssl_ciphers HIGH:!aNULL:!MD5`), TLS 1.0 included: scanners speak no newer one.
    const context = createSecureContext({
      key,
      cert: certificate,
      minVersion: 'TLSv1',
      ciphers: 'HIGH:!aNULL:!MD5:@SECLEVEL=0',
    });
    found = { certificate, context };
    contexts.set(persona, found);
  }
  return found.context;
}

export function secure(persona: Persona, now: number, ends: Ends): Secure {
  const pipe = new Duplex({
    read() {},
    write(chunk: Buffer, _, done) {
      ends.write(chunk);
      done();
    },
  });
  // What fails in it fails the conversation, which hears of it from its socket.
  pipe.on('error', () => {});
  const socket = new TLSSocket(pipe, { isServer: true, secureContext: contextOf(persona, now) });
  let agreed = false;
  const ready = new Promise<boolean>((resolve) => {
    socket.once('secure', () => {
      agreed = true;
      resolve(true);
    });
    for (const event of ['error', 'close', 'end']) socket.once(event, () => resolve(false));
  });
  socket.on('data', (chunk: Buffer) => ends.plain(chunk));
  for (const event of ['error', 'close', 'end']) socket.on(event, () => ends.ended());
  return {
    feed: (bytes) => void pipe.push(bytes),
    finish: () => void pipe.push(null),
    send: (bytes) => void (socket.writable && socket.write(bytes)),
    ready,
    close() {
      if (!agreed || socket.destroyed) return Promise.resolve();
      return new Promise((resolve) => {
        socket.once('close', resolve);
        socket.once('error', () => resolve());
        socket.end(() => setImmediate(resolve));
      });
    },
  };
}
