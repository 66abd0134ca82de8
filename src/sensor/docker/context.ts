import type { Wire } from '../emulator.ts';
import type { Request } from '../emulators/http-request.ts';
import type { Release } from './engine.ts';
import type { DockerStore } from './store.ts';

/** What the handler of one request works with. */
export interface Context {
  wire: Wire;
  store: DockerStore;
  release: Release;
  request: Request;
  query: Map<string, string>;
  /** The groups of the route's pattern. */
  path: string[];
  /** Work that goes on after the answer; the session waits for it. */
  jobs: Set<Promise<void>>;
  /** Resolves once the peer says more, or has gone for a while: a client may close its half and go on listening. */
  heard(): Promise<unknown>;
}

/** Lower-case hexadecimal characters, drawn anew. */
export function hexadecimal(wire: Pick<Wire, 'random'>, size: number): string {
  let text = '';
  while (text.length < size)
    text += Math.floor(wire.random() * 0x1000_0000)
      .toString(16)
      .padStart(7, '0');
  return text.slice(0, size);
}

export function isTrue(value: string | undefined): boolean {
  return value !== undefined && /^(1|true|t|yes)$/i.test(value);
}

/** A time as Go's RFC3339Nano prints it. */
export function goTime(ms: number, nanos = 0): string {
  if (ms === 0) return '0001-01-01T00:00:00Z';
  return new Date(ms).toISOString().replace('Z', `${String(nanos % 1_000_000).padStart(6, '0')}Z`);
}
