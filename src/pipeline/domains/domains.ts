import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FeedsOptions } from '../../intel/index.ts';
import { Fault } from '../../kit/fault.ts';
import type { Log } from '../../kit/log.ts';
import type { Lake } from '../../lake/index.ts';
import { dayOf } from '../../reputation/graph/places.ts';
import { KnownHosts, knownHostsFile } from '../../reputation/known/known-hosts.ts';
import type { AskedBy } from '../../reputation/rank/asked-by.ts';
import type { Lead } from '../../reputation/track/lead.ts';
import type { SessionStore } from '../../state/index.ts';
import { packageFolder } from '../../version.ts';
import { inTurn } from '../in-turn.ts';
import { type Askers, askersKey, askersOf } from './askers.ts';
import { followAnswers, type Span } from './follow.ts';
import type { Crossed, DomainsTalk, HostScore, Ranked, Shown } from './messages.ts';
import { readPlace } from './place.ts';
import { decoySeeds } from './seeds.ts';
import { domainsWorkerEnd } from './worker-end.ts';

export type { Crossed, HostScore, Ranked, Shown } from './messages.ts';

export interface DomainParts {
  /** The data directory; the graph lies in `reputation` under it. */
  data: string;
  lake: Lake;
  sessions: SessionStore;
  feeds: FeedsOptions;
  /** Files of hosts that have everybody's names, besides those that ship with Caltrop. */
  known?: readonly string[];
  /** Whether the networks of addresses are looked up. */
  networks?: boolean;
  neverBlock(): readonly string[];
  /** Of fewer clients than this nothing is told. */
  leastClients: number;
  /** True where names are to be ranked without being asked for: the system runs. */
  running: boolean;
  log: Log;
  now(): number;
  /** Another way to start the worker. */
  start?: Parameters<typeof domainsWorkerEnd>[2];
}

const limits = {
  /** How long what was stored live is gathered, in milliseconds. */
  gatherMs: 500,
  /** How often it is asked what decoys and lists have learnt. */
  freshMs: 60_000,
  /** The same of what imports brought. */
  wholeMs: 600_000,
  /** Names and addresses that one call of `scoresOf` looks at. */
  scores: 200,
  /** How far back in event time a start looks for what was not taken in, and how far ahead a clock may be. */
  catchUpMs: 14 * 86_400_000,
  lateMs: 300_000,
};

/**
 * The domain graph of this system: it follows the answers that the lake has stored, and ranks every name that was asked for. What decoys
 * were told to fetch from is bad; all else follows from names and from what they share. The graph is held by a worker thread, which is
 * given what the lake holds batch by batch: the next one when the last is in. Where the thread dies, it goes on from its store, and
 * from how far the lake had been read when that was written.
 */
export function openDomains({ data, lake, sessions, log, now, ...parts }: DomainParts) {
  const folder = join(data, 'reputation');
  const place = readPlace(data);
  const known = [packageFolder(knownHostsFile), ...(parts.known ?? [])];
  // What cannot be read is to be told at the start, not by the thread.
  KnownHosts.read(known);
  const worker = domainsWorkerEnd(
    {
      ...{ data, feeds: parts.feeds, model: packageFolder('models/names.model') },
      ...{ known, networks: parts.networks ?? false, leastClients: parts.leastClients },
      crossed: place.crossed,
    },
    log,
    parts.start,
  );
  const seedsOf = decoySeeds(sessions);
  const listeners: ((crossed: Crossed) => void)[] = [];
  const counters = { crossed: 0, rankings: 0, clientsPushedOut: 0, clientsLeftOut: 0 };
  /** Whose ranking stands, by number, and since when. */
  let rankedBy = 0;
  let rankedAt = 0;
  let wholeAt = 0;
  let waits: Promise<unknown> | null = null;
  /** So much has come that all is to be ranked anew. */
  let dirty = true;
  let scheduled = false;
  /** Event times of what the lake took since it was read last. */
  let unread: Span | null = null;
  let timer: NodeJS.Timeout | undefined;

  const turn = inTurn((cause) => {
    if (!turn.stopping) log.error('answers of resolvers could not be looked at', { cause });
  });

  function tell(crossed: readonly Crossed[]): void {
    for (const one of crossed) {
      counters.crossed++;
      for (const listen of listeners) {
        try {
          listen(one);
        } catch (cause) {
          log.error('a name that came over a threshold was passed over', { cause });
        }
      }
    }
  }

  const follow = followAnswers({
    ...{ data, lake, worker, place },
    taken({ crossed, due, clients }) {
      tell(crossed);
      counters.clientsPushedOut = clients.pushedOut;
      counters.clientsLeftOut = clients.leftOut;
      dirty ||= due;
    },
    stopping: () => turn.stopping,
  });
  const { ask, persist } = follow;

  async function followLive(): Promise<void> {
    const span = unread;
    if (span === null) return;
    unread = null;
    try {
      await follow.live(span);
    } catch (cause) {
      widen(span);
      throw cause;
    }
  }

  function widen({ from, to }: Span): void {
    unread = { from: Math.min(from, unread?.from ?? from), to: Math.max(to, unread?.to ?? to) };
  }

  /** `whole`: also what imports have brought of decoys. */
  async function refresh(whole: boolean): Promise<void> {
    const from = now();
    const seeds = await seedsOf(whole);
    // What is asked first finds out whether the graph was lost.
    await ask('keep', {});
    if (follow.lost) await follow.all();
    const told = await ask('refresh', {
      ...{ now: now(), seeds, neverBlock: [...parts.neverBlock()] },
      beginnings: follow.beginnings(),
    });
    tell(told.crossed);
    counters.rankings = told.rankings;
    await ask('keep', {});
    dirty = false;
    rankedAt = from;
    rankedBy = worker.runs;
    if (whole) wholeAt = from;
  }

  const stale = (at: number) => dirty || rankedBy !== worker.runs || now() - at >= limits.freshMs;

  /** Nobody has told of a resolver's answers, and nothing is to be ranked. */
  const idle = () => follow.counters.answers === 0 && !follow.lost && !existsSync(join(folder, 'graph'));

  /** What a running system does without being asked: what failed is tried again, and what decoys and lists have learnt is heard. */
  async function look(): Promise<void> {
    await followLive();
    if (stale(rankedAt) && !idle()) await refresh(now() - wholeAt >= limits.wholeMs);
  }

  /** Asks of the ranking as it stands now. */
  async function current<K extends 'rank' | 'show' | 'group' | 'scores' | 'lead'>(
    type: K,
    question: DomainsTalk[K]['question'],
  ): Promise<DomainsTalk[K]['answer']> {
    const answer = await turn.run(async () => {
      const is = await persist(async () => {
        if (stale(wholeAt)) await refresh(true);
        return ask(type, question);
      });
      return { is };
    });
    if (answer) return answer.is;
    throw new Fault('unavailable', 'The graph of domains cannot be read; the log says why.');
  }

  async function askers(name: string): Promise<Askers | null> {
    try {
      const key = askersKey(join(folder, 'key'));
      return await askersOf(lake, name, { key, least: parts.leastClients, now: now() });
    } catch (cause) {
      log.error('the lake could not say who asked for a name', { cause });
      return null;
    }
  }

  for (const run of follow.unread()) void turn.run(() => follow.run(run));
  if (parts.running)
    timer = setInterval(() => {
      if (!waits) waits = turn.run(look).finally(() => (waits = null));
    }, limits.freshMs).unref();

  return {
    get counters() {
      const { starts: _, ...rest } = worker.counters;
      return { ...counters, ...follow.counters, ...rest };
    },
    /** Goes on where the last start ended. */
    start(): void {
      this.loaded({ from: Math.max(0, now() - limits.catchUpMs), to: now() + limits.lateMs });
    },
    /** The lake has taken live events of these times, in milliseconds since the epoch. */
    loaded(span: Span): void {
      widen(span);
      if (scheduled || turn.stopping) return;
      scheduled = true;
      void sleep(limits.gatherMs, undefined, { ref: false }).then(() => {
        scheduled = false;
        return turn.run(async () => {
          await followLive();
          // From then on each answer moves what it touches as it comes.
          if (parts.running && dirty && !idle()) await refresh(true);
        });
      });
    },
    /** An import begins: whatever happens to it, what it stored will be taken in. */
    begin: (run: string): void => follow.begin(run),
    /** An import is stored: resolves once its answers are in the graph. */
    async absorb(run: string): Promise<void> {
      await turn.run(() => follow.run(run));
    },
    /** What is known from elsewhere has changed: it is asked for before the next answer is given. */
    heard(): void {
      dirty = true;
    },
    /** Names that were asked for, the worst first; `fresh` leaves those that came to the threshold since that day. */
    rank: (query: { limit: number; fresh?: number; match?: string }): Promise<Ranked[]> =>
      current('rank', query),
    /**
     * Why a name stands where it does, where it stood, and who asked for it (null where the lake cannot say); null where it was never
     * seen.
     */
    async show(name: string): Promise<(Shown & { askers: Askers | null }) | null> {
      const shown = await current('show', { name });
      return shown && { ...shown, askers: await askers(name) };
    },
    /** What a group of clients asked for, as `show` names it; null where it is not told of. `least`: so many of it asked, on one day each. */
    async group(group: string): Promise<(AskedBy & { least: number }) | null> {
      const asked = await current('group', { group });
      return asked && { ...asked, least: parts.leastClients };
    },
    /** How long before lists names came to the threshold. */
    lead: (): Promise<Lead> => current('lead', { today: dayOf(now()) }),
    /** Where names and addresses stand, with the sentence that says most of why. Unknown ones are absent, and so is what is over 200. */
    async scoresOf(hosts: readonly string[]): Promise<Map<string, HostScore>> {
      const asked = [...new Set(hosts)].slice(0, limits.scores);
      if (asked.length === 0) return new Map();
      // Answers that are being taken in need not be waited for, where all was ranked once.
      const ranked = rankedBy !== 0 && rankedBy === worker.runs;
      return new Map(await (ranked ? worker.ask : current)('scores', { hosts: asked }));
    },
    /**
     * Calls back with each name that comes to a class of names that are held to be bad: once for each name and class, but again where the
     * system was killed before it had written that it told. Gives what takes the listener away.
     */
    onCrossed(listener: (crossed: Crossed) => void): () => void {
      listeners.push(listener);
      return () => listeners.splice(listeners.indexOf(listener), 1);
    },
    today: () => dayOf(now()),
    async close(): Promise<void> {
      turn.stop();
      clearInterval(timer);
      // What it has not written is given to the next one: a ranking of millions need not be waited for.
      await worker.stop();
      await turn.done();
    },
  };
}

export type Domains = ReturnType<typeof openDomains>;
