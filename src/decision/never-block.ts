import { z } from 'zod';
import { type HostAddress, hostAddresses } from '../kit/host-addresses.ts';
import { isMapped, maskTo, type Prefix, parsePrefix, prefixText } from '../kit/ip.ts';
import { PrefixMap } from '../kit/prefix-map.ts';
import { specialBlocks, without } from '../kit/special-blocks.ts';
import { cautionGroups } from './caution.ts';
import type { LabOptions } from './options.ts';

/** What the most may be that a signal against a caution entry causes. */
const mosts = ['tip', 'throttle', 'first-step'] as const;

/** An entry as people keep it. Owner, reason and expiry are not optional: nobody dares to remove an entry without them. */
export const listEntrySchema = z.strictObject({
  block: z.string().refine((text) => parsePrefix(text) !== null, 'an address or a block'),
  level: z.enum(['hard', 'caution']),
  most: z.enum(mosts).default('first-step'),
  owner: z.string().min(1).max(128),
  reason: z.string().min(1).max(512),
  expires: z.int().positive(),
});
export type ListEntry = z.infer<typeof listEntrySchema>;

export type NeverBlockVerdict =
  | { verdict: 'clear' }
  | { verdict: 'hard' | 'caution'; entry: ListEntry }
  | { verdict: 'unavailable'; reason: string };

export interface NeverBlockSources {
  /** The entries that people keep, and when they were last read from their store. Throws where they cannot be had. */
  list(): { entries: readonly unknown[]; readAt: number };
  /** This machine's own addresses, gateways and resolvers. Throws where they cannot be told. */
  host?(): HostAddress[];
  /** Addresses from which people administer this machine now. */
  sessions?(): Iterable<string>;
}

const never = Date.UTC(9999, 0);

/** What a new store starts with, so that an empty list is always a lost list. */
export const firstEntry: ListEntry = {
  block: '127.0.0.1',
  level: 'hard',
  most: 'tip',
  owner: 'caltrop',
  reason: 'the list was made',
  expires: never,
};

type Table = PrefixMap<ListEntry>;

interface Tables {
  hard: Table;
  caution: Record<(typeof mosts)[number], Table>;
  entries: ListEntry[];
  /** When the first of the entries expires. */
  expires: number;
  readAt: number;
}

/**
 * The addresses that are never denied, and those that are denied only with care. Every failure (a list that cannot be read,
 * is empty, malformed or stale, own addresses that cannot be told) makes each check `unavailable`, which denies nothing.
 */
export class NeverBlock {
  readonly #sources: NeverBlockSources;
  readonly #special: [block: string, what: string][];
  readonly #staleMs: number;
  #tables: Tables | undefined;
  #fault = 'it has not been read yet';

  constructor(sources: NeverBlockSources, { lab, staleMs }: { lab: LabOptions; staleMs: number }) {
    this.#sources = sources;
    this.#staleMs = staleMs;
    // The lab profile takes its blocks out of the special blocks and touches nothing else.
    const holes = lab.on ? ['127.0.0.0/8', ...lab.namespaces] : [];
    this.#special = specialBlocks.flatMap(([block, what]) =>
      holes
        .reduce<string[]>((rest, hole) => rest.flatMap((one) => without(one, hole)), [block])
        .map((rest): [string, string] => [rest, what]),
    );
    this.#special.push(['127.0.0.1/32', 'loopback, RFC 1122 §3.2.1.3']);
  }

  /** Reads everything anew. Never throws: a failure is told by `fault` and by each check until a later refresh succeeds. */
  refresh(now: number): void {
    try {
      this.#tables = this.#build(now);
      this.#fault = '';
    } catch (error) {
      this.#tables = undefined;
      this.#fault = error instanceof Error ? error.message : 'it cannot be read';
    }
  }

  /** Why nothing can be denied at `now`, or null. */
  fault(now: number): string | null {
    if (!this.#tables) return this.#fault;
    const age = now - this.#tables.readAt;
    return age > this.#staleMs ? `the list was last read ${Math.floor(age / 3_600_000)} h ago` : null;
  }

  /** Checks an address (IPv6: with all of its /64, which a deny would hit) or a block at `now`. */
  check(source: string, now: number): NeverBlockVerdict {
    if (this.#tables && now >= this.#tables.expires) this.refresh(now);
    const fault = this.fault(now);
    if (fault !== null || !this.#tables) return { verdict: 'unavailable', reason: fault ?? this.#fault };
    const block = reach(source);
    if (!block) return { verdict: 'hard', entry: builtIn(source, 'it is no address') };
    if (block.bits < (isV4(block) ? 112 : 32))
      return { verdict: 'hard', entry: builtIn(source, 'it is wider than anything is denied') };
    const { hard, caution } = this.#tables;
    const session = this.#session(block);
    if (session === null) return { verdict: 'unavailable', reason: 'the sessions cannot be listed' };
    const held = session ?? hard.overlapping(block);
    if (held) return { verdict: 'hard', entry: held };
    for (const most of mosts) {
      const entry = caution[most].overlapping(block);
      if (entry) return { verdict: 'caution', entry };
    }
    return { verdict: 'clear' };
  }

  /** All entries in force, the built-in ones included: what is shown, and tested at start. */
  entries(): readonly ListEntry[] {
    return this.#tables?.entries ?? [];
  }

  /** Blocks of the hard entries: what an enforcer returns first, and the helper checks again. */
  blocks(): string[] {
    return this.entries()
      .filter(({ level }) => level === 'hard')
      .map(({ block }) => prefixText(parsePrefix(block)!));
  }

  #build(now: number): Tables {
    const { entries: raw, readAt } = this.#sources.list();
    if (raw.length === 0) throw new Error('the list is empty');
    if (readAt > now + 60_000) throw new Error('the list was read in the future');
    const own = (this.#sources.host ?? hostAddresses)();
    if (!own.some(({ role }) => role === 'own')) throw new Error('no own address was found');
    const entries = [
      ...this.#special.map(([block, what]) => builtIn(block, what)),
      ...own.map(({ address, role }) => builtIn(address, said[role])),
      ...cautionGroups.flatMap(({ what, blocks, most }) =>
        blocks.map((block): ListEntry => ({ ...builtIn(block, what), level: 'caution', most })),
      ),
      ...raw.map((entry, at) => {
        const read = listEntrySchema.safeParse(entry);
        if (!read.success) throw new Error(`entry ${at + 1} of the list is malformed`);
        return read.data;
      }),
    ].filter(({ expires }) => expires > now);
    const tables: Tables = {
      hard: new PrefixMap<ListEntry>(),
      caution: {
        tip: new PrefixMap<ListEntry>(),
        throttle: new PrefixMap<ListEntry>(),
        'first-step': new PrefixMap<ListEntry>(),
      },
      entries,
      expires: Math.min(...entries.map(({ expires }) => expires)),
      readAt,
    };
    for (const entry of entries) {
      const table = entry.level === 'hard' ? tables.hard : tables.caution[entry.most];
      if (!table.set(entry.block, entry)) throw new Error(`${entry.block} is no block`);
    }
    return tables;
  }

  #session(block: Prefix): ListEntry | undefined | null {
    try {
      const table = new PrefixMap<ListEntry>();
      for (const address of this.#sources.sessions?.() ?? [])
        if (!table.set(address, builtIn(address, 'someone administers this machine from there'))) return null;
      return table.overlapping(block);
    } catch {
      return null;
    }
  }
}

const said = {
  own: 'an address of this machine',
  gateway: 'a gateway of this machine',
  resolver: 'a resolver of this machine',
};

function builtIn(block: string, reason: string): ListEntry {
  return { block, level: 'hard', most: 'tip', owner: 'caltrop', reason, expires: never };
}

/** All that a deny of this source would hit. */
function reach(source: string): Prefix | null {
  const block = parsePrefix(source);
  if (!block || block.bits < 128 || isV4(block)) return block;
  const bytes = new Uint8Array(block.bytes);
  maskTo(bytes, 64);
  return { bytes, bits: 64 };
}

function isV4({ bytes, bits }: Prefix): boolean {
  return bits >= 96 && isMapped(bytes);
}
