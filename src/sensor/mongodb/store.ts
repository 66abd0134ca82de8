import type { Memory } from '../memory.ts';
import type { Persona } from '../persona.ts';
import { encode, type Fields, objectId } from './bson.ts';

/** Databases, collections of one and documents of one that an attacker may have. */
const limits = { databases: 64, collections: 64, documents: 2_000 } as const;
const collectionCost = 512;

export interface Collection {
  documents: Buffer[];
  /** More than are held: of the owner's, only the first can be read. */
  count: number;
  /** What was inserted, in bytes of the attacker's budget. */
  bytes: number;
  /** The list is the same for all attackers, until one of them writes. */
  shared: boolean;
}

const holding = (documents: Buffer[], count = documents.length): Collection => ({
  documents,
  count,
  bytes: 0,
  shared: true,
});
const owners = new WeakMap<Persona, ReturnType<typeof owned>>();

/** The data of one attacker's MongoDB: the owner's at first, then what they left of it. */
export class MongoStore {
  readonly databases = new Map<string, Map<string, Collection>>();
  readonly #memory: Memory;

  constructor(memory: Memory, persona: Persona) {
    this.#memory = memory;
    this.databases.set(
      'admin',
      new Map([
        ['system.version', holding([encode({ _id: 'featureCompatibilityVersion', version: '4.4' })])],
      ]),
    );
    this.databases.set('config', new Map([['system.sessions', holding([])]]));
    this.databases.set('local', new Map([['startup_log', holding([])]]));
    const own = owners.get(persona) ?? owned(persona);
    owners.set(persona, own);
    const [name, collections] = own;
    this.databases.set(name, new Map(collections.map(([one, held]) => [one, { ...held }])));
  }

  collection(database: string, name: string): Collection | undefined {
    return this.databases.get(database)?.get(name);
  }

  /** The collection, made where it is missing; undefined where there is no room. */
  make(database: string, name: string): Collection | undefined {
    const known = this.collection(database, name);
    if (known) return known;
    let collections = this.databases.get(database);
    if (
      (collections?.size ?? 0) >= limits.collections ||
      (!collections && this.databases.size >= limits.databases)
    )
      return undefined;
    if (!this.#memory.take(collectionCost)) return undefined;
    if (!collections) {
      collections = new Map();
      this.databases.set(database, collections);
    }
    const made = { ...holding([]), shared: false };
    collections.set(name, made);
    return made;
  }

  insert(collection: Collection, document: Buffer): boolean {
    if (collection.documents.length >= limits.documents || !this.#memory.take(document.length)) return false;
    if (collection.shared) {
      collection.shared = false;
      collection.documents = [...collection.documents];
    }
    collection.documents.push(document);
    collection.bytes += document.length;
    collection.count++;
    return true;
  }

  /** Removes all that a collection holds, and says how much that was. */
  empty(collection: Collection): number {
    const { count, bytes } = collection;
    this.#memory.give(bytes);
    Object.assign(collection, { ...holding([]), shared: false });
    return count;
  }

  drop(database: string, name: string): Collection | undefined {
    const collections = this.databases.get(database);
    const found = collections?.get(name);
    if (found) this.#memory.give(found.bytes);
    collections?.delete(name);
    if (collections?.size === 0) this.databases.delete(database);
    return found;
  }
}

const firstNames =
  'Anna Ben Clara David Emma Felix Grace Henry Ida Jonas Karin Leo Maria Noah Olivia Paul'.split(' ');
const lastNames =
  'Adler Brown Costa Dietz Evans Fischer Garcia Hansen Ivanov Jansen Keller Lopez Meyer Novak'.split(' ');

/** What its owner keeps: customers and orders, other ones on each machine. */
function owned(persona: Persona): [string, [string, Collection][]] {
  const number = (label: string) => Number.parseInt(persona.token(`mongodb ${label}`, 8), 16);
  const pick = (label: string, list: readonly string[]) => list[number(label) % list.length]!;
  const since = persona.bootedAt - 86_400_000 * 200;
  const id = (label: string, at: number) =>
    objectId(
      Math.floor(at / 1_000)
        .toString(16)
        .padStart(8, '0') + persona.token(`mongodb id ${label}`, 16),
    );
  const rows = (name: string, make: (i: number, at: number) => Fields): Collection =>
    holding(
      Array.from({ length: 12 }, (_, i) =>
        encode(make(i, since + i * 3_917_000 + (number(`${name} ${i}`) % 3_000_000))),
      ),
      800 + (number(`count ${name}`) % 9_000),
    );
  const users = rows('users', (i, at) => {
    const first = pick(`first ${i}`, firstNames);
    const last = pick(`last ${i}`, lastNames);
    return {
      _id: id(`user ${i}`, at),
      name: `${first} ${last}`,
      email: `${first}.${last}@${persona.domain}`.toLowerCase(),
      password: `$2b$10$${persona.token(`mongodb hash ${i}`, 53)}`,
      createdAt: new Date(at),
    };
  });
  const orders = rows('orders', (i, at) => ({
    _id: id(`order ${i}`, at),
    user: id(`user ${i % 12}`, at),
    total: 5 + (number(`total ${i}`) % 20_000) / 100,
    status: pick(`status ${i}`, ['paid', 'shipped', 'open']),
    createdAt: new Date(at),
  }));
  return [
    pick('database', ['shop', 'crm', 'webapp', 'production', 'customers', 'appdb']),
    [
      ['orders', orders],
      ['users', users],
    ],
  ];
}
