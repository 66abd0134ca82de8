import { z } from 'zod';
import type { Clock } from '../../kit/clock.ts';
import { canonicalIp } from '../../kit/ip.ts';
import { outermost } from '../blocks.ts';
import { partOf, setKeys, setParts, slowKeys, slowParts } from '../element.ts';
import { defineEnforcer, type Enforcer, type Standing } from '../enforcer.ts';
import { run } from '../run.ts';
import { readSet } from './nft-read.ts';
import { bySet, elementCommands, nftElement } from './nft-script.ts';
import { tableScript } from './nft-table.ts';

const port = z.int().min(1).max(65_535);
const address = z
  .string()
  .refine((text) => canonicalIp(text) === text, 'an address in its canonical spelling');

export const nftablesOptions = z.strictObject({
  table: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,30}$/)
    .default('caltrop'),
  /** Ports of decoys on this machine: reachable for everybody, denied or not. */
  decoys: z
    .strictObject({ tcp: z.array(port).max(1_024).default([]), udp: z.array(port).max(1_024).default([]) })
    .prefault({}),
  /** Decoys that packets are forwarded to. */
  decoyHosts: z
    .array(z.strictObject({ address, transport: z.enum(['tcp', 'udp']), port }))
    .max(1_024)
    .default([]),
  /** What a source that is slowed down may open on each port: new connections a minute, and how many at once. */
  throttle: z
    .strictObject({
      perMinute: z.int().positive().max(60_000).default(6),
      burst: z.int().positive().max(1_000).default(3),
    })
    .prefault({}),
  maxElements: z.int().positive().max(10_000_000).default(1_000_000),
  batchMs: z.int().min(0).max(1_000).default(5),
  timeoutMs: z.int().positive().default(30_000),
  /** How long a listing may take that starts anew with each change, and how often changes wait for one that does not finish. */
  listingMs: z.int().positive().default(10_000),
  stillEveryMs: z.int().positive().default(600_000),
  /** Put before `nft`: how to enter another network namespace. */
  exec: z.array(z.string()).max(8).default([]),
});
export type NftablesOptions = z.infer<typeof nftablesOptions>;

/** Denies in the Linux kernel: one table of ours, hash sets with timeouts, one transaction a batch (nft(8)). */
export const nftables = defineEnforcer({
  name: 'nftables',
  summary: 'Drops packets in the Linux kernel, in a table of its own',
  options: nftablesOptions,
  create: (options, clock) => createNftables(options, clock),
});

const parts = [...setParts, ...slowParts];

function createNftables(options: NftablesOptions, clock: Clock): Enforcer {
  const { table, exec, timeoutMs } = options;
  const script = (commands: readonly string[]) =>
    run('nft', ['-f', '-'], { exec, timeoutMs, input: `${commands.join('\n')}\n` });
  /** The ranges that are to stand: few, so that the set is made anew on each change. */
  const ranges = new Map<string, number>();
  const seconds = (until: number) => Math.max(1, Math.ceil((until - clock.now()) / 1_000));
  const timed = (element: string, until: number) => `${element} timeout ${seconds(until)}s`;

  /** While a listing must not be disturbed: resolves when it is over. */
  let still: Promise<unknown> = Promise.resolve();
  let stillAt = Number.NEGATIVE_INFINITY;
  const list = (part: string, limitMs: number) =>
    run('nft', ['-j', 'list', 'set', 'inet', table, part], { exec, timeoutMs: limitMs });

  /** An interval set takes no overlap: of ranges within each other, the outermost stands. */
  const rangeCommands = (part: string): string[] => {
    const now = clock.now();
    for (const [key, until] of ranges) if (until <= now) ranges.delete(key);
    const own = [...ranges].filter(([key]) => partOf(key) === part);
    const texts = own.map(([key]) => key.slice(part.length + 1));
    const { v4, v6 } = outermost(texts);
    const elements = [...v4, ...v6].map((text) => timed(text, ranges.get(`${part} ${text}`)!));
    return [`flush set inet ${table} ${part}`, ...elementCommands('add', table, part, elements)];
  };

  return {
    name: 'nftables',
    parts,
    expires: true,
    batchMs: options.batchMs,
    keys: (scope, action) => (action === 'throttle' ? slowKeys(scope) : setKeys(scope)),

    async prepare() {
      try {
        await script([tableScript(options)]);
      } catch {
        // A table of an older shape: what stood in it is placed again by whoever holds the decisions.
        await script([`add table inet ${table}`, `delete table inet ${table}`, tableScript(options)]);
      }
    },

    async protect(blocks) {
      const { v4, v6 } = outermost(blocks);
      await script([
        `flush set inet ${table} never4`,
        `flush set inet ${table} never6`,
        ...elementCommands('add', table, 'never4', v4),
        ...elementCommands('add', table, 'never6', v6),
      ]);
    },

    async apply(add, remove) {
      const commands: string[] = [];
      const changed = new Set<string>();
      for (const key of remove) {
        if (!partOf(key).startsWith('range')) continue;
        ranges.delete(key);
        changed.add(partOf(key));
      }
      for (const { key, until } of add) {
        if (!partOf(key).startsWith('range')) continue;
        ranges.set(key, until);
        changed.add(partOf(key));
      }
      for (const part of changed) commands.push(...rangeCommands(part));
      const single = remove.filter((key) => !partOf(key).startsWith('range'));
      for (const [part, list] of bySet(single, (key) => key)) {
        const elements = list.map(([element]) => nftElement(element));
        // Deleting what is not there fails the transaction, and adding what is there does not: so add first.
        commands.push(...elementCommands('add', table, part, elements));
        commands.push(...elementCommands('delete', table, part, elements));
      }
      const adds = add.filter(({ key }) => !partOf(key).startsWith('range'));
      for (const [part, list] of bySet(adds, ({ key }) => key)) {
        const elements = list.map(([element]) => nftElement(element));
        // Through Linux 6.11 adding again does not extend a timeout: delete and add in one transaction does.
        commands.push(...elementCommands('add', table, part, elements));
        commands.push(...elementCommands('delete', table, part, elements));
        const timeouts = list.map(([, { until }], i) => timed(elements[i]!, until));
        commands.push(...elementCommands('add', table, part, timeouts));
      }
      await still;
      if (commands.length > 0) await script(commands);
      return [];
    },

    async read(part) {
      const text = await list(part, options.listingMs).catch((cause: unknown) => {
        // nft begins a listing anew where the ruleset changed under it: of a large set, under a steady stream, for ever.
        if (clock.now() - stillAt < options.stillEveryMs) throw cause;
        stillAt = clock.now();
        const listing = list(part, timeoutMs);
        still = listing.catch(() => {});
        return listing;
      });
      const found = readSet(part, text, clock.now());
      // After a restart the set knows more than we do.
      if (part.startsWith('range'))
        for (const { key, until } of found)
          if (until < Number.MAX_SAFE_INTEGER && !ranges.has(key)) ranges.set(key, until);
      return withInner(found, ranges);
    },

    async clear() {
      ranges.clear();
      await script(parts.map((part) => `flush set inet ${table} ${part}`));
    },

    async close() {},
  };
}

/** A range within one that stands is denied too: it counts as standing with the time that it was given. */
function withInner(found: Standing[], ranges: ReadonlyMap<string, number>): Standing[] {
  if (ranges.size === 0 || found.length === 0) return found;
  const part = partOf(found[0]!.key);
  const blocks = found.map(({ key }) => key.slice(part.length + 1));
  const known = new Set(found.map(({ key }) => key));
  const inner = [...ranges].filter(([key]) => {
    if (known.has(key) || partOf(key) !== part) return false;
    const { v4, v6 } = outermost([...blocks, key.slice(part.length + 1)]);
    return v4.length + v6.length === blocks.length;
  });
  return [...found, ...inner.map(([key, until]) => ({ key, until }))];
}
