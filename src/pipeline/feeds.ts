import { mkdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import {
  type Believed,
  believedEntries,
  type Feed,
  FeedProblem,
  type FeedState,
  FeedStore,
  type FeedsOptions,
  identityOf,
  type Knowledge,
  type Met,
  type Reliability,
  type Removed,
  readPopularNames,
  readWarningLists,
  reliabilityOf,
  takeOver,
  textOf,
  WarningLists,
} from '../intel/index.ts';
import { writeAtomic } from '../kit/atomic-file.ts';
import { Fault } from '../kit/fault.ts';
import { canonicalIp } from '../kit/ip.ts';
import { lockFolder } from '../kit/lock.ts';
import { PrefixMap } from '../kit/prefix-map.ts';
import { specialBlocks } from '../kit/special-blocks.ts';
import { feedRecords, keepMet, readMet } from './feed-records.ts';

const share = z.number().min(0).max(1);
const learnt = z.array(
  z.object({
    ...{ name: z.string(), weight: share, atLeast: share },
    ...{
      entries: z.number(),
      agreed: z.number(),
      ahead: z.number().default(0),
      confirmed: z.number(),
      refuted: z.number(),
      alone: z.number(),
    },
    ...{ copies: z.array(z.string()), says: z.array(z.string()) },
  }),
);

/** A feed as it stands: what `caltrop feeds` lists. */
export interface FeedStanding {
  name: string;
  /** Where it comes from; of a URL the host only, since keys stand in paths. */
  source: string;
  format: string;
  everyMinutes: number;
  taken: number | null;
  checked: number | null;
  entries: number;
  types: FeedState['types'];
  refused: FeedState['refused'];
  reliability: Reliability | null;
  problem: FeedState['problem'];
}

export interface FeedsParts {
  config: FeedsOptions;
  /** The data directory. */
  data: string;
  /** The clock, in milliseconds since the epoch. */
  now(): number;
  /** Blocks that are never denied, besides the special ones. */
  neverBlock?: readonly string[];
}

/**
 * The feeds of a system, in a folder of the data directory with a lock of its own: they can be listed, and fetched by hand,
 * whether the system runs or not. Nothing here decides anything: a list is hearsay (E0).
 */
export function openFeeds({ config, data, now, neverBlock = [] }: FeedsParts) {
  const folder = join(data, 'feeds');
  const store = new FeedStore(join(folder, 'lists'));
  const feeds = config.lists.map((one): Feed & { everyMinutes: number } => ({
    ...{ name: one.name, format: one.format, column: one.column, everyMinutes: one.everyMinutes },
    source: one.path !== undefined ? { path: one.path } : { url: one.url! },
  }));
  const stateOf = (feed: Feed) => {
    const state = store.state(feed.name);
    return state?.source === identityOf(feed) ? state : null;
  };
  const knowledge = () => knowledgeOf(config, neverBlock, now());
  const current = () => feeds.filter((feed) => stateOf(feed));
  const reliabilityPath = join(folder, 'reliability.json');
  const metPath = join(folder, 'met.json');
  const records = feedRecords(join(folder, 'records'));

  function weigh(): void {
    const made = reliabilityOf(store, current(), knowledge(), records, readMet(metPath));
    writeAtomic(reliabilityPath, JSON.stringify(made));
  }

  function reliability(): Reliability[] {
    try {
      return learnt.parse(JSON.parse(readFileSync(reliabilityPath, 'utf8')));
    } catch {
      return [];
    }
  }

  return {
    list(): FeedStanding[] {
      const known = reliability();
      return feeds.map((feed) => {
        const state = stateOf(feed);
        return {
          ...{ name: feed.name, source: shown(feed.source), format: state?.format ?? feed.format },
          ...{
            everyMinutes: feed.everyMinutes,
            taken: state?.taken ?? null,
            checked: state?.checked ?? null,
          },
          ...{ entries: state?.entries ?? 0, types: state?.types ?? {}, refused: state?.refused ?? {} },
          reliability: (state?.taken && known.find(({ name }) => name === feed.name)) || null,
          problem: state?.problem ?? null,
        };
      });
    },

    /** Asks for the feeds that are due, or for those that are named, and weighs all anew where one changed. Throws `locked`, `not-found`. */
    async refresh(
      options: { names?: readonly string[]; accept?: boolean; signal?: AbortSignal } = {},
    ): Promise<FeedState[]> {
      const { names, accept = false, signal } = options;
      for (const name of names ?? [])
        if (!feeds.some((feed) => feed.name === name))
          throw new Fault('not-found', `No feed is called ${name}.`);
      const due = feeds.filter((feed) =>
        names ? names.includes(feed.name) : isDue(stateOf(feed), feed, now()),
      );
      if (due.length === 0) return [];
      // As the system makes it: the sensor's own user has to come through to its spool.
      mkdirSync(data, { recursive: true, mode: 0o711 });
      const release = lockFolder(folder);
      try {
        const states: FeedState[] = [];
        let changed = false;
        for (const feed of due) {
          const before = store.state(feed.name)?.taken;
          const { guard } = config;
          const state = await takeOver(store, feed, { now: now(), guard, accept, ...(signal && { signal }) });
          changed ||= state.taken !== before;
          states.push(state);
        }
        if (changed) weigh();
        return states;
      } finally {
        release();
      }
    },

    /** Decoys have met these hosts: weighs all anew where that is news. Throws `locked`. */
    hear(met: readonly Met[]): boolean {
      if (current().length === 0) return false;
      const release = lockFolder(folder);
      try {
        const news = keepMet(metPath, met);
        if (news) weigh();
        return news;
      } finally {
        release();
      }
    },

    /** The entries of all feeds without likely mistakes, each with how far its feed is to be believed. */
    believed: (removed?: (one: Removed & { feed: string }) => void): Generator<Believed> =>
      believedEntries(store, current(), reliability(), knowledge(), removed),
  };
}

export type Feeds = ReturnType<typeof openFeeds>;

function isDue(state: FeedState | null, { everyMinutes }: { everyMinutes: number }, now: number): boolean {
  const last = Math.max(state?.checked ?? 0, state?.problem?.time ?? 0);
  return now - last >= everyMinutes * 60_000 || last > now;
}

const shown = (source: Feed['source']): string =>
  'path' in source ? source.path : `${new URL(source.url).origin}/…`;

/** What the operator's lists and the special blocks tell of names and addresses. Throws a fault where a list cannot be read. */
function knowledgeOf(
  { warningLists, popular }: FeedsOptions,
  neverBlock: readonly string[],
  now: number,
): Knowledge {
  const lists = new WarningLists();
  for (const path of warningLists) readWarningLists(readList(path), listId(path), lists);
  const blocks = new PrefixMap<string>();
  for (const block of neverBlock) blocks.set(block, 'it is on the never-block list');
  for (const [block, what] of specialBlocks) blocks.set(block, what);
  return {
    now,
    warning: (entry) => lists.match(entry),
    neverBlock({ type, value }) {
      if (type === 'cidr') return blocks.overlapping(value) ?? null;
      const address = type === 'ip:port' ? value.replace(/:\d+$/, '').replace(/^\[|\]$/g, '') : value;
      return (type === 'ip' || type === 'ip:port') && canonicalIp(address)
        ? (blocks.get(address) ?? null)
        : null;
    },
    ...(popular !== undefined && { popularity: readPopularNames(readList(popular)) }),
  };
}

/** MISP's own files are all called list.json: their folders tell them apart. */
const listId = (path: string): string =>
  basename(basename(path) === 'list.json' ? dirname(path) : path, '.json');

function readList(path: string): string {
  try {
    return textOf(readFileSync(path));
  } catch (cause) {
    const why = cause instanceof FeedProblem ? cause.message : 'it cannot be read';
    throw new Fault('config', '', {
      cause,
      remedies: [{ path: 'feeds', expected: `a list at ${path}: ${why}` }],
    });
  }
}
