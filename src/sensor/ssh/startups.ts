import type { Wire } from '../emulator.ts';
import type { Product } from './products/index.ts';

const key = 'ssh startups';
const left = new WeakSet<Wire>();

/**
 * Counts a connection that has not logged in; false where the product would refuse it (MaxStartups of sshd_config,
 * should_drop_connection of sshd.c). Counted for each source alone: others must not tell by it how busy we are.
 */
export function enter(wire: Wire, { startups: { begin, rate, full }, family }: Product): boolean {
  const open = (wire.memory.get(key) as number | undefined) ?? 0;
  const share =
    open < begin ? 0 : open >= full ? 100 : rate + ((100 - rate) * (open - begin)) / (full - begin);
  if (share > 0 && wire.random() * 100 < share) {
    if (family === 'openssh') wire.send('Exceeded MaxStartups\r\n');
    return false;
  }
  wire.memory.set(key, open + 1);
  return true;
}

/** A counted connection has logged in or gone. Counts once. */
export function leave(wire: Wire): void {
  if (left.has(wire)) return;
  left.add(wire);
  const open = (wire.memory.get(key) as number | undefined) ?? 1;
  if (open > 1) wire.memory.set(key, open - 1);
  else wire.memory.delete(key);
}
