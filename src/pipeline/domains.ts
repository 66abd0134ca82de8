import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeAtomic } from '../kit/atomic-file.ts';
import { normalName } from '../kit/domain-name.ts';
import { Fault } from '../kit/fault.ts';
import type { Log } from '../kit/log.ts';
import type { Lake } from '../lake/index.ts';
import { answersOf } from '../model/answers.ts';
import type { Event } from '../model/event.ts';
import type { Graph } from '../reputation/graph/graph.ts';
import { GraphStore } from '../reputation/graph/graph-store.ts';
import { observe } from '../reputation/graph/observe.ts';
import { addressNode, dayOf, nameNode } from '../reputation/graph/places.ts';
import { type NameModel, openNameModel } from '../reputation/names/name-model.ts';
import { type Seed, type Standing, Standings } from '../reputation/rank/standing.ts';
import type { SessionStore } from '../state/index.ts';
import { packageFolder } from '../version.ts';
import { readPlace } from './domain-place.ts';
import { hostOfEntry } from './entry-host.ts';
import type { Feeds } from './feeds.ts';
import { eventOf } from './warm.ts';

export interface DomainParts {
  /** The data directory; the graph lies in `reputation` under it. */
  data: string;
  lake: Lake;
  sessions: SessionStore;
  feeds: Pick<Feeds, 'list' | 'believed'>;
  log: Log;
  now(): number;
}

const limits = {
  /** Answers that are read from the lake at once, and how long what was stored live is gathered, in milliseconds. */
  batch: 5_000,
  gatherMs: 500,
  /** How long a ranking stands although nothing came: decoys may have learnt something. */
  freshMs: 60_000,
  /** Indicators of decoys that are taken as seeds: the latest. */
  seeds: 10_000,
  /** Entries of lists that are looked at before others may go on. */
  entries: 2_000,
  /** Scored names whose first crossing is remembered. */
  crossed: 100_000,
};
/** A feed that is believed less is not heard. */
const leastBelieved = 0.3;
/** From this score on a name counts as newly malicious on the day on which it comes to it. */
const threshold = 95;

export interface Ranked {
  name: string;
  score: number;
  class: Standing['class'];
  /** The day, since the epoch, on which it first came to the threshold; null where it has not. */
  since: number | null;
}

/**
 * The domain graph of this system: it follows the answers that the lake has stored, and ranks every name that was asked for when it is
 * asked to. What decoys were told to fetch from is bad; all else follows from names and from what they share.
 */
export function openDomains({ data, lake, sessions, feeds, log, now }: DomainParts) {
  const folder = join(data, 'reputation');
  const place = join(folder, 'place.json');
  const lexical = new Map<number, number>();
  const state = readPlace(place);
  let opened: Promise<GraphStore> | null = null;
  let model: NameModel | null = null;
  let standings: Standings | null = null;
  let lists: { stamp: string; seeds: Map<number, Seed> } = { stamp: '', seeds: new Map() };
  let work: Promise<unknown> = Promise.resolve();
  /** The graph was lost: all that the lake holds is to be taken in once more. */
  let anew = false;
  let rankedAt = 0;
  let scheduled = false;
  let stopping = false;
  const counters = { answers: 0, refused: 0 };

  /** Opened once something is to be looked at: most commands on a stopped system need none of it. */
  const open = () => (opened ??= openStore());
  async function openStore(): Promise<GraphStore> {
    const path = join(folder, 'graph');
    try {
      return await GraphStore.open(path);
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      log.error('The graph of domains is damaged; it is made anew from what the lake holds', { cause });
      rmSync(`${path}.damaged`, { recursive: true, force: true });
      renameSync(path, `${path}.damaged`);
      anew = true;
      return GraphStore.open(path);
    }
  }

  /** One thing after the other; what fails is told, and tried again with what comes next. */
  function queue<T>(task: () => Promise<T>): Promise<T | undefined> {
    const done = work.then(async () => {
      if (stopping) return undefined;
      try {
        return await task();
      } catch (cause) {
        log.error('answers of resolvers could not be looked at', { cause });
        return undefined;
      }
    });
    work = done;
    return done;
  }

  function take(graph: Graph, event: Event): void {
    if (event.kind !== 'answer') return;
    const name = normalName(event.name);
    if (name === null) counters.refused++;
    else {
      observe(graph, name, answersOf(event), dayOf(event.time));
      counters.answers++;
    }
  }

  /** Reads what the lake holds behind a place, until nothing is left. Seen twice, an answer changes nothing. */
  async function follow(sql: string, params: Record<string, string | number>, at: (row: Row) => void) {
    const { graph } = await open();
    for (let count = limits.batch; count === limits.batch && !stopping; ) {
      count = 0;
      for await (const row of lake.rows({
        sql: answersSql(sql),
        params: { ...params, limit: limits.batch },
        timeout: 120_000,
      })) {
        take(graph, eventOf(row));
        at(row);
        count++;
      }
      if (count > 0) standings = null;
    }
  }
  const followLive = async () => {
    const params = { seq: state.seq };
    await follow("run = 'live' AND seq > {seq:UInt64} ORDER BY seq", params, (row) => {
      params.seq = Number(row.seq);
    });
    return params.seq;
  };
  const followAll = async () => {
    anew = false;
    const params = { id: noId };
    await follow('id > {id:UUID} ORDER BY id', params, (row) => {
      params.id = String(row.id);
    });
    await keep();
  };
  const followRun = async (run: string) => {
    const params = { run, id: noId };
    await follow('run = {run:String} AND id > {id:UUID} ORDER BY id', params, (row) => {
      params.id = String(row.id);
    });
    state.runs.delete(run);
    await keep();
  };

  async function keep(): Promise<void> {
    await (await open()).flush();
    write();
  }

  function write(): void {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { seq, crossed, runs } = state;
    writeAtomic(place, JSON.stringify({ seq, crossed: [...crossed], runs: [...runs] }));
  }

  /** What decoys were told of: addresses and names to fetch from. */
  async function seedsOf(graph: Graph): Promise<Seed[]> {
    const day = dayOf(now());
    const found = new Map<number, Seed>();
    for (const indicator of await sessions.indicators({ limit: limits.seeds })) {
      const host = hostOfEntry(indicator);
      if (host === null) continue;
      const name = normalName(host);
      const node = name === null ? addressNode(graph, host, day) : nameNode(graph, name, day);
      if (node >= 0) found.set(node, { node, weight: 0.9, says: `${indicator.says} at a decoy` });
    }
    return [...found.values()];
  }

  /** What lists say of what the graph knows. Read anew once one of them was taken anew. */
  async function listed(graph: Graph): Promise<Map<number, Seed>> {
    const stamp = JSON.stringify([feeds.list().map(({ name, taken }) => [name, taken]), graph.nodes.size]);
    if (stamp === lists.stamp) return lists.seeds;
    const found = new Map<number, Seed>();
    let count = 0;
    for (const { entry, feed, weight } of feeds.believed()) {
      if (++count % limits.entries === 0) await sleep(0);
      if (weight < leastBelieved) continue;
      const host = hostOfEntry(entry);
      if (host === null) continue;
      for (const node of [graph.find('name', host), graph.find('domain', host), graph.find('ip', host)])
        if (node >= 0 && (found.get(node)?.weight ?? 0) < weight)
          found.set(node, { node, weight, says: `is on the list ${feed}` });
    }
    lists = { stamp, seeds: found };
    return found;
  }

  async function current(): Promise<Standings> {
    await queue(async () => {
      if (standings && now() - rankedAt < limits.freshMs) return;
      rankedAt = now();
      const store = await open();
      const { graph } = store;
      if (anew) await followAll();
      const hearsay = await listed(graph);
      const known = [...hearsay.values(), ...(await seedsOf(graph))];
      model ??= openNameModel(readFileSync(packageFolder('models/names.model')));
      await store.settle(dayOf(now()));
      standings = new Standings(graph, model, known, lexical);
      const day = dayOf(now());
      for (const { name, score, node } of standings.ranked()) {
        if (score < threshold) break;
        // New is what no list has named before.
        if (hearsay.has(node)) continue;
        if (!state.crossed.has(name) && state.crossed.size < limits.crossed) state.crossed.set(name, day);
      }
      await keep();
    });
    if (!standings) throw new Fault('unavailable', 'The graph of domains cannot be read; the log says why.');
    return standings;
  }

  for (const run of state.runs) void queue(() => followRun(run));

  return {
    counters,
    /** The lake has taken live events. */
    loaded(): void {
      if (scheduled || stopping) return;
      scheduled = true;
      void queue(async () => {
        await sleep(limits.gatherMs, undefined, { ref: false });
        scheduled = false;
        const seq = await followLive();
        if (seq === state.seq) return;
        state.seq = seq;
        await keep();
      });
    },
    /** An import begins: whatever happens to it, what it stored will be taken in. */
    begin(run: string): void {
      state.runs.add(run);
      write();
    },
    /** An import is stored: resolves once its answers are in the graph. */
    async absorb(run: string): Promise<void> {
      await queue(() => followRun(run));
    },
    /** Names that were asked for, the worst first; `fresh` leaves those that came to the threshold since that day. */
    async rank({
      limit,
      fresh,
      match,
    }: {
      limit: number;
      fresh?: number;
      match?: string;
    }): Promise<Ranked[]> {
      const standing = await current();
      const rows: Ranked[] = [];
      for (const { name, score, node } of standing.ranked()) {
        const since = state.crossed.get(name) ?? null;
        if (fresh !== undefined && (since === null || since < fresh)) continue;
        if (match !== undefined && !name.includes(match)) continue;
        rows.push({ name, score, class: standing.classOf(name, score, node), since });
        if (rows.length >= limit) break;
      }
      return rows;
    },
    /** Why a name stands where it does; null where it was never seen. */
    async show(name: string): Promise<Standing | null> {
      return (await current()).show(name);
    },
    today: () => dayOf(now()),
    async close(): Promise<void> {
      stopping = true;
      await work;
      await (await opened?.catch(() => null))?.close();
    },
  };
}

export type Domains = ReturnType<typeof openDomains>;

const noId = '00000000-0000-0000-0000-000000000000';
type Row = Record<string, unknown>;

const answersSql = (where: string) =>
  `SELECT *, toUnixTimestamp64Milli(time) AS time_ms, toUnixTimestamp64Milli(arrived) AS arrived_ms
  FROM events WHERE kind = 'answer' AND ${where} LIMIT {limit:UInt32}`;
