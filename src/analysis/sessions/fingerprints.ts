import { hash } from 'node:crypto';
import type { Session } from './session.ts';

/** By what a client's program is known, whoever runs it. */
export interface Fingerprint {
  method: string;
  value: string;
}

const limit = 16;
/** What tells programs apart: SSH and TLS handshakes, keys, and how a client names itself. */
const told = new Set([
  'hassh',
  'ja3',
  'ja4',
  'ssh-key',
  'ssh-version',
  'banner',
  'adb-key',
  'telnet-options',
]);

/**
 * The client fingerprints of a session, each once. For HTTP our own: `http-headers`, the first 16 hexadecimal digits of SHA-256 over
 * the names of the first request's headers, in their order and case. (JA4H, which does the like, is under a licence of its own.)
 */
export function fingerprintsOf(session: Pick<Session, 'events'>): Fingerprint[] {
  const found = new Map<string, Fingerprint>();
  let web = false;
  for (const event of session.events) {
    if (found.size >= limit) break;
    if (event.kind === 'fingerprint' && told.has(event.method)) {
      const value = event.value.slice(0, 4_096);
      found.set(`${event.method} ${value}`, { method: event.method, value });
    } else if (event.kind === 'request' && !web && event.headers.length > 0) {
      web = true;
      const value = headerOrder(event.headers);
      found.set('http-headers', { method: 'http-headers', value });
    }
  }
  return [...found.values()];
}

/** How a client orders and spells the names of its headers; what they hold is left out. */
function headerOrder(headers: readonly (readonly [string, string])[]): string {
  return hash('sha256', headers.map(([name]) => name).join('\n')).slice(0, 16);
}
