import { setTimeout as sleep } from 'node:timers/promises';
import type { Bus } from '../../bus/index.ts';

/**
 * Publishes, again and again while the bus does not take it (a subject is full, the server away), until that is `needless`: false
 * then.
 */
export async function publishUntil(
  bus: Bus,
  [subject, id, data]: Parameters<Bus['publish']>,
  needless: () => boolean,
  retryMs: number,
): Promise<boolean> {
  while (!needless()) {
    try {
      await bus.publish(subject, id, data);
      return true;
    } catch {
      await sleep(retryMs);
    }
  }
  return false;
}
