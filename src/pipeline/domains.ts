import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FeedsOptions } from '../intel/index.ts';
import { writeAtomic } from '../kit/atomic-file.ts';
import { Fault } from '../kit/fault.ts';
import type { Log } from '../kit/log.ts';
import type { Lake } from '../lake/index.ts';
import { dayOf } from '../reputation/graph/observe.ts';
import { KnownHosts, knownHostsFile } from '../reputation/known/known-hosts.ts';
import type { Lead } from '../reputation/track/lead.ts';
import type { SessionStore } from '../state/index.ts';
import { packageFolder } from '../version.ts';
import { type AnswerRow, answerBatches } from './domains-answers.ts';
import { type Askers, askersKey, askersOf } from './domains-askers.ts';
import { decoySeeds } from './domains-decoys.ts';
import type { Crossed, DomainsQuestion, DomainsTalk, HostScore, Ranked, Shown } from './domains-messages.ts';
import { readPlace } from './domains-place.ts';
import { domainsWorkerEnd } from './domains-worker-end.ts';
import { inTurn } from './in-turn.ts';

export type { Crossed, HostScore, Ranked, Shown } from './domains-messages.ts';

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
  /** Names and addresses that one call of `scoresOf` looks at. */
  scores: 200,
  /** How often answers that could not be taken in are tried again at once, and how long is waited before. */
  tries: 4,
  retryMs: 500,
};

/**
 * The domain graph of this system: it follows the answers that the lake has stored, and ranks every name that was asked for. What decoys
 * were told to fetch from is bad; all else follows from names and from what they share. The graph is held by a worker thread, which is
 * given what the lake holds batch by batch: the next one when the last is in. Where the thread dies, it goes on from its store, and
 * from how far the lake had been read when that was written.
 */
export function openDomains({ data, lake, sessions, log, now, ...parts }: DomainParts) {
  const folder = join(data, 'reputation');
  const place = join(folder, 'place.json');
  const state = readPlace(place);
  const known = [packageFolder(knownHostsFile), ...(parts.known ?? [])];
  // What cannot be read is to be told at the start, not by the thread.
  KnownHosts.read(known);
  const worker = domainsWorkerEnd(
    {
      ...{ data, feeds: parts.feeds, model: packageFolder('models/names.model') },
      ...{ known, networks: parts.networks ?? false },
      crossed: state.crossed,
    },
    log,
    parts.start,
  );
  const listeners: ((crossed: Crossed) => void)[] = [];
  const counters = { answers: 0, refused: 0, crossed: 0, rankings: 0 };
  /** The worker that was last asked to open the graph, by number, and whose ranking stands since when. */
  let opened = 0;
  let rankedBy = 0;
  let rankedAt = 0;
  /** So much has come that all is to be ranked anew. */
  let dirty = true;
  let scheduled = false;
  let timer: NodeJS.Timeout | undefined;

  const turn = inTurn((cause) => {
    if (!turn.stopping) log.error('answers of resolvers could not be looked at', { cause });
  });

  /** The worker, with its graph open. */
  async function ask<K extends DomainsQuestion>(
    type: K,
    question: DomainsTalk[K]['question'],
  ): Promise<DomainsTalk[K]['answer']> {
    if (opened !== worker.runs || opened === 0) {
      const { anew } = await worker.ask('open', {});
      opened = worker.runs;
      if (anew && !state.all) {
        state.all = true;
        write();
      }
    }
    return worker.ask(type, question);
  }

  function write(): void {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { seq, runs, all } = state;
    writeAtomic(place, JSON.stringify({ seq, runs: [...runs], all }));
  }

  /** Everything so far is on disk, and with it how far the lake was read. */
  async function keep(change: () => void = () => {}): Promise<void> {
    await ask('keep', {});
    change();
    write();
  }

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

  /** Gives the worker what the lake holds behind a place, until nothing is left. Seen twice, an answer changes nothing. */
  async function follow(sql: string, params: Record<string, string | number>, at: (row: AnswerRow) => void) {
    for await (const { answers, refused, last } of answerBatches(lake, sql, params)) {
      if (turn.stopping) throw new Fault('unavailable', 'The system is stopping.');
      const { crossed, due } = await ask('take', { answers });
      tell(crossed);
      dirty ||= due;
      counters.answers += answers.length;
      counters.refused += refused;
      at(last);
    }
  }

  /** A worker may end in the middle: what it had not written is given to the next one. */
  async function persist<T>(task: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await task();
      } catch (cause) {
        if (turn.stopping || attempt >= limits.tries) throw cause;
        await sleep(limits.retryMs, undefined, { ref: false });
      }
    }
  }

  const followLive = () =>
    persist(async () => {
      const params = { seq: state.seq };
      await follow("run = 'live' AND seq > {seq:UInt64} ORDER BY seq", params, (row) => {
        params.seq = row.seq;
      });
      if (params.seq !== state.seq) await keep(() => (state.seq = params.seq));
    });
  const followAll = () =>
    persist(async () => {
      const params = { id: noId };
      await follow('id > {id:UUID} ORDER BY id', params, (row) => {
        params.id = row.id;
      });
      await keep(() => (state.all = false));
    });
  const followRun = (run: string) =>
    persist(async () => {
      const params = { run, id: noId };
      await follow('run = {run:String} AND id > {id:UUID} ORDER BY id', params, (row) => {
        params.id = row.id;
      });
      await keep(() => state.runs.delete(run));
    });

  async function refresh(): Promise<void> {
    const from = now();
    const seeds = await decoySeeds(sessions);
    // What is asked first finds out whether the graph was lost.
    await ask('keep', {});
    if (state.all) await followAll();
    const told = await ask('refresh', { now: now(), seeds, neverBlock: [...parts.neverBlock()] });
    tell(told.crossed);
    counters.rankings = told.rankings;
    await keep();
    dirty = false;
    rankedAt = from;
    rankedBy = worker.runs;
  }

  const stale = () => dirty || rankedBy !== worker.runs || now() - rankedAt >= limits.freshMs;

  /** Asks of the ranking as it stands now. */
  async function current<K extends 'rank' | 'show' | 'scores' | 'lead'>(
    type: K,
    question: DomainsTalk[K]['question'],
  ): Promise<DomainsTalk[K]['answer']> {
    const answer = await turn.run(async () => {
      const is = await persist(async () => {
        if (stale()) await refresh();
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

  for (const run of state.runs) void turn.run(() => followRun(run));
  if (parts.running)
    timer = setInterval(() => {
      if (stale()) void turn.run(async () => (stale() ? refresh() : undefined));
    }, limits.freshMs).unref();

  return {
    get counters() {
      const { starts: _, ...rest } = worker.counters;
      return { ...counters, ...rest };
    },
    /** The lake has taken live events. */
    loaded(): void {
      if (scheduled || turn.stopping) return;
      scheduled = true;
      void sleep(limits.gatherMs, undefined, { ref: false }).then(() => {
        scheduled = false;
        return turn.run(async () => {
          await followLive();
          // From then on each answer moves what it touches as it comes.
          if (parts.running && dirty) await refresh();
        });
      });
    },
    /** An import begins: whatever happens to it, what it stored will be taken in. */
    begin(run: string): void {
      state.runs.add(run);
      write();
    },
    /** An import is stored: resolves once its answers are in the graph. */
    async absorb(run: string): Promise<void> {
      await turn.run(() => followRun(run));
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
      await turn.done();
      await worker.stop();
    },
  };
}

export type Domains = ReturnType<typeof openDomains>;

const noId = '00000000-0000-0000-0000-000000000000';
