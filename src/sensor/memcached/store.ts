import type { Memory } from '../memory.ts';
import type { Persona } from '../persona.ts';

export interface Item {
  value: string;
  flags: number;
  /** When it ends, in milliseconds since the epoch; 0 for never. */
  until: number;
  cas: number;
  setAt: number;
}

/** What an item costs beside its key and value (memcached says 50 to 65), and how many one attacker has. */
const itemCost = 63;
const itemLimit = 4_096;
/** After this long in memory the maintainer moves what nobody read to the cold list, which alone `stats cachedump` shows. */
const hotMs = 60_000;

/** The items of one attacker's memcached: those of the machine's owner at first, then what they made of them. */
export class MemcachedStore {
  readonly items = new Map<string, Item>();
  readonly startedAt: number;
  readonly counts = { connections: 0, get: 0, set: 0, hits: 0, flush: 0, touch: 0, delete: 0 };
  bytes = 0;
  #cas = 0;
  readonly #memory: Memory;

  constructor(memory: Memory, persona: Persona, now: number, bare: boolean) {
    this.#memory = memory;
    this.startedAt = Math.min(now - 60_000, persona.bootedAt + 23_000);
    if (bare) return;
    for (const [i, [key, value]] of owned(persona).entries())
      this.set(key, value, 0, 0, now - hotMs * (i + 2));
  }

  isCold(item: Item, now: number): boolean {
    return now - item.setAt > hotMs;
  }

  get(key: string, now: number): Item | undefined {
    const item = this.items.get(key);
    if (item?.until && item.until <= now) {
      this.delete(key);
      return undefined;
    }
    return item;
  }

  /** False where there is no room. */
  set(key: string, value: string, flags: number, until: number, now: number): boolean {
    const old = this.items.get(key);
    const cost = key.length + value.length + itemCost - (old ? key.length + old.value.length + itemCost : 0);
    if (!old && this.items.size >= itemLimit) return false;
    if (cost > 0 && !this.#memory.take(cost)) return false;
    if (cost < 0) this.#memory.give(-cost);
    this.bytes += cost;
    this.items.set(key, { value, flags, until, cas: ++this.#cas, setAt: now });
    return true;
  }

  delete(key: string): boolean {
    const item = this.items.get(key);
    if (!item) return false;
    const cost = key.length + item.value.length + itemCost;
    this.#memory.give(cost);
    this.bytes -= cost;
    return this.items.delete(key);
  }

  flush(): void {
    for (const key of [...this.items.keys()]) this.delete(key);
  }
}

/** When an item ends (doc/protocol.txt, "Expiration times"): within 30 days from now, or at a time; negative is at once. */
export function untilOf(seconds: number, now: number): number {
  if (seconds === 0) return 0;
  if (seconds < 0) return now;
  return seconds > 2_592_000 ? seconds * 1_000 : now + seconds * 1_000;
}

const owners = new WeakMap<Persona, [string, string][]>();

/** What a web application leaves: sessions as PHP writes them, and pieces of pages. */
function owned(persona: Persona): [string, string][] {
  const known = owners.get(persona);
  if (known) return known;
  const { token } = persona;
  const sessions = Array.from({ length: 6 }, (_, i): [string, string] => {
    const user = 1 + (Number.parseInt(token(`memcached user ${i}`, 4), 16) % 900);
    return [
      `memc.sess.key.${token(`memcached session ${i}`, 26)}`,
      `user_id|i:${user};lang|s:2:"en";csrf|s:16:"${token(`memcached csrf ${i}`, 16)}";`,
    ];
  });
  const pages = ['menu', 'footer', 'categories'].map((name): [string, string] => [
    `app:cache:${name}:${token('memcached release', 6)}`,
    `a:1:{s:4:"hash";s:12:"${token(name, 12)}";}`,
  ]);
  const items = [...sessions, ...pages];
  owners.set(persona, items);
  return items;
}
