import type { Wire } from '../emulator.ts';
import { findDownloads } from '../emulators/downloads.ts';
import type { MemcachedStore } from './store.ts';

/** What the handler of one command works with. */
export interface Context {
  wire: Wire;
  store: MemcachedStore;
  version: string;
}

/** Largest value and key that memcached takes by default. */
export const valueLimit = 1_048_512;
export const keyLimit = 250;
/** A value of this size or more, or a program, is kept as a payload. */
const payloadSize = 4_096;

/** Reads so many bytes of a value and throws them away. False where the peer left before. */
export async function swallow(wire: Wire, size: number): Promise<boolean> {
  for (let left = size; left > 0; ) {
    const bytes = await wire.read();
    if (bytes === null) return false;
    if (bytes.length > left) wire.unread(bytes.subarray(left));
    left -= Math.min(left, bytes.length);
  }
  return true;
}

/** Tells what a value would do somewhere, and keeps it where it is large or a program. */
export function tellValue(wire: Wire, name: string, value: Buffer): void {
  if (value.length >= payloadSize || value.subarray(0, 4).toString('latin1') === '\x7fELF')
    wire.emit({ kind: 'upload', ...wire.keep(value), name, detail: { how: 'value' } });
  for (const { url, tool } of findDownloads(value.toString('latin1')))
    if (tool !== 'url') wire.emit({ kind: 'download', url, tool });
}
