import { type HostAddress, hostAddresses } from '../kit/host-addresses.ts';
import { parsePrefix } from '../kit/ip.ts';
import { PrefixMap } from '../kit/prefix-map.ts';
import { parseKey, reachOf } from './element.ts';

/** How old a list may be: with an older one nothing is placed. */
const staleMs = 24 * 3_600_000;
/** How long this machine's own addresses are believed. */
const ownMs = 60_000;

/**
 * The helper's own never-block check, apart from the one that decided: against the blocks that it was given and this
 * machine's addresses as it sees them. Without a list, with an empty, malformed or stale one, it refuses everything.
 */
export class Guard {
  readonly #host: () => HostAddress[];
  #given: PrefixMap<true> | undefined;
  #readAt = 0;
  #own: PrefixMap<true> | undefined;
  #ownAt = Number.NEGATIVE_INFINITY;

  constructor(host: () => HostAddress[] = hostAddresses) {
    this.#host = host;
  }

  /** Takes a new list. An empty or malformed one leaves none. */
  protect(blocks: readonly string[], readAt: number): void {
    const map = new PrefixMap<true>();
    const whole = blocks.every((block) => map.set(block, true));
    this.#given = whole && map.size > 0 ? map : undefined;
    this.#readAt = readAt;
  }

  /** True where this element must not be placed at `now`. */
  refuses(key: string, now: number): boolean {
    const element = parseKey(key);
    const block = element && parsePrefix(reachOf(element));
    if (!block || !this.#given || now - this.#readAt > staleMs) return true;
    const own = this.#addresses(now);
    if (!own || own.overlapping(block)) return true;
    return this.#given.overlapping(block) === true;
  }

  #addresses(now: number): PrefixMap<true> | undefined {
    if (now - this.#ownAt < ownMs) return this.#own;
    this.#ownAt = now;
    this.#own = undefined;
    try {
      const map = new PrefixMap<true>();
      for (const { address } of this.#host()) map.set(address, true);
      this.#own = map;
    } catch {
      // Told by refusing: the runner raises the alarm.
    }
    return this.#own;
  }
}
