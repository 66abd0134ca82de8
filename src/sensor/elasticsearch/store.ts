import type { Memory } from '../memory.ts';
import type { Persona } from '../persona.ts';

export interface Index {
  documents: Map<string, unknown>;
  count: number;
  bytes: number;
}

/** Indices of one attacker, documents of one index, and what each costs beside its text. */
const limits = { indices: 128, documents: 1_000, cost: 256 } as const;
const owners = new WeakMap<Persona, [string, Index][]>();

/** What an attacker finds in Elasticsearch, and what they make of it. */
export class ElasticStore {
  readonly indices: Map<string, Index>;
  readonly #memory: Memory;

  constructor(memory: Memory, persona: Persona) {
    this.#memory = memory;
    const own = owners.get(persona) ?? owned(persona);
    owners.set(persona, own);
    this.indices = new Map(
      own.map(([name, index]) => [name, { ...index, documents: new Map(index.documents) }]),
    );
  }

  /** False where there is no room. */
  put(name: string, id: string, document: unknown, size: number): boolean {
    let index = this.indices.get(name);
    if (!index) {
      if (this.indices.size >= limits.indices || !this.#memory.take(limits.cost)) return false;
      index = { documents: new Map(), count: 0, bytes: limits.cost };
      this.indices.set(name, index);
    }
    const cost = size + limits.cost;
    if (index.documents.size >= limits.documents || !this.#memory.take(cost)) return false;
    if (!index.documents.has(id)) index.count++;
    index.documents.set(id, document);
    index.bytes += cost;
    return true;
  }

  create(name: string): boolean {
    if (this.indices.has(name) || this.indices.size >= limits.indices || !this.#memory.take(limits.cost))
      return false;
    this.indices.set(name, { documents: new Map(), count: 0, bytes: limits.cost });
    return true;
  }

  delete(name: string): boolean {
    const index = this.indices.get(name);
    if (!index) return false;
    this.#memory.give(index.bytes);
    return this.indices.delete(name);
  }

  /** Names that a pattern such as `logs-*,users` finds. */
  matching(pattern: string): string[] {
    const names = [...this.indices.keys()];
    if (pattern === '' || pattern === '_all' || pattern === '*') return names;
    const found = new Set<string>();
    for (const one of pattern.split(',', 64)) {
      const parts = one.split('*');
      for (const name of names)
        if (parts.length === 1 ? name === one : name.startsWith(parts[0]!) && name.endsWith(parts.at(-1)!))
          found.add(name);
    }
    return [...found];
  }
}

function owned(persona: Persona): [string, Index][] {
  const number = (label: string) => Number.parseInt(persona.token(`elastic ${label}`, 8), 16);
  const subjects = ['customers', 'orders', 'products', 'members', 'invoices', 'tickets'];
  const first = number('subject') % subjects.length;
  return [
    subjects[first]!,
    subjects[(first + 2) % subjects.length]!,
    `app-logs-2025.1${number('month') % 3}`,
  ].map((name) => [
    name,
    {
      documents: new Map(
        Array.from({ length: 10 }, (_, i) => [
          persona.token(`elastic id ${name} ${i}`, 20),
          {
            id: 1_000 + i * 7 + (number(`row ${name} ${i}`) % 7),
            contact: `${persona.token(`elastic contact ${name} ${i}`, 6)}@${persona.domain}`,
            amount: (number(`amount ${name} ${i}`) % 90_000) / 100,
            created_at: new Date(
              persona.bootedAt - (10 - i) * 8_640_000 - (number(`at ${name} ${i}`) % 8_000_000),
            ).toISOString(),
          },
        ]),
      ),
      count: 400 + (number(`count ${name}`) % 60_000),
      bytes: 0,
    },
  ]);
}
