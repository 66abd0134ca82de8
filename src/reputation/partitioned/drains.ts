import type { Bus, Subscription } from '../../bus/index.ts';
import { runSubject } from './protocol.ts';

/**
 * Reads the post of workers that do not take part. The bus keeps a message until every reader has had it: what lies there for one who is
 * gone would fill the subject, and hold up all others.
 */
export class Drains {
  readonly #bus: Bus;
  readonly #open = new Map<string, Subscription | null>();

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  async open(worker: string): Promise<void> {
    if (this.#open.has(worker)) return;
    this.#open.set(worker, null);
    // Refused where it still reads itself, within this process: its post is read then.
    const drain = await this.#bus.subscribe(runSubject, worker, async () => {}).catch(() => null);
    this.#open.set(worker, drain);
  }

  async close(): Promise<void> {
    const all = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(all.map((drain) => drain?.stop()));
  }
}
