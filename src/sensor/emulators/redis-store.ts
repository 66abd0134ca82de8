import type { Memory } from '../memory.ts';
import type { Persona } from '../persona.ts';

interface Entry {
  value: string;
  /** When it ends, in milliseconds since the epoch; 0 for never. */
  until: number;
}

/** What a key costs beside its bytes, and how many databases, keys and settings one attacker has. */
const keyCost = 96;
const databases = 16;
const keyLimit = 4_096;
const settingBytes = 4_096;

/** The data of one attacker's Redis: what one connection set, the next one reads. */
export class RedisStore {
  readonly config: Map<string, string>;
  readonly startedAt: number;
  savedAt: number;
  changes = 0;
  commands = 0;
  connections = 0;
  master: { host: string; port: number } | null = null;
  /** True once a master was named: its data, and with it a module's file, may have come over. */
  mastered = false;
  readonly modules = new Map<string, string>();
  readonly #memory: Memory;
  readonly #databases = Array.from({ length: databases }, () => new Map<string, Entry>());

  constructor(memory: Memory, persona: Persona, now: number) {
    this.#memory = memory;
    this.startedAt = Math.min(now - 1_000, persona.bootedAt + 41_000);
    this.savedAt = Math.floor(now / 1_000) - 1_847;
    this.config = new Map([
      ['dbfilename', 'dump.rdb'],
      ['requirepass', ''],
      ['masterauth', ''],
      ['logfile', ''],
      ['pidfile', '/var/run/redis.pid'],
      ['maxmemory', '0'],
      ['maxmemory-policy', 'noeviction'],
      ['maxclients', '10000'],
      ['timeout', '0'],
      ['port', '6379'],
      ['databases', String(databases)],
      ['bind', '0.0.0.0'],
      ['protected-mode', 'no'],
      ['daemonize', 'no'],
      ['appendonly', 'no'],
      ['rdbcompression', 'yes'],
      ['rdbchecksum', 'yes'],
      ['stop-writes-on-bgsave-error', 'yes'],
      ['slave-read-only', 'yes'],
      ['replica-read-only', 'yes'],
      ['slaveof', ''],
      ['save', '900 1 300 10 60 10000'],
      ['dir', '/var/lib/redis'],
    ]);
  }

  get(db: number, key: string, now: number): Entry | undefined {
    const entry = this.#databases[db]!.get(key);
    if (entry?.until && entry.until <= now) {
      this.delete(db, key);
      return undefined;
    }
    return entry;
  }

  /** False where there is no room. */
  set(db: number, key: string, value: string, until = 0): boolean {
    const keys = this.#databases[db]!;
    const old = keys.get(key);
    const cost = value.length - (old ? old.value.length : -(key.length + keyCost));
    if (!old && keys.size >= keyLimit) return false;
    if (cost > 0 && !this.#memory.take(cost)) return false;
    if (cost < 0) this.#memory.give(-cost);
    keys.set(key, { value, until });
    this.changes++;
    return true;
  }

  delete(db: number, key: string): boolean {
    const entry = this.#databases[db]!.get(key);
    if (!entry) return false;
    this.#memory.give(entry.value.length + key.length + keyCost);
    this.changes++;
    return this.#databases[db]!.delete(key);
  }

  keys(db: number, now: number): string[] {
    return [...this.#databases[db]!.keys()].filter((key) => this.get(db, key, now));
  }

  flush(db?: number): void {
    for (const [i] of this.#databases.entries()) {
      if (db === undefined || db === i)
        for (const key of [...this.#databases[i]!.keys()]) this.delete(i, key);
    }
  }

  /** Every value, oldest first: what a dump of it would hold in the clear. */
  values(): string[] {
    return this.#databases.flatMap((keys) => [...keys.values()].map(({ value }) => value));
  }

  sizes(): number[] {
    return this.#databases.map((keys) => keys.size);
  }

  configure(name: string, value: string): boolean {
    if (!this.config.has(name) || value.length > settingBytes) return false;
    this.config.set(name, value);
    return true;
  }
}
