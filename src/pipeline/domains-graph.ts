import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { normalName } from '../kit/domain-name.ts';
import { GraphStore } from '../reputation/graph/graph-store.ts';
import { dayOf, observe } from '../reputation/graph/observe.ts';
import { type NameModel, openNameModel } from '../reputation/names/name-model.ts';
import { type Seed, Standings } from '../reputation/rank/standing.ts';
import { Track } from '../reputation/track/track.ts';
import { type Context, createContext } from './domains-context.ts';
import { listedHosts } from './domains-listed.ts';
import type {
  Crossed,
  DecoySeed,
  DomainsQuestion,
  DomainsSetup,
  DomainsTalk,
  HostScore,
  Ranked,
  TakenAnswer,
} from './domains-messages.ts';

const limits = {
  /** Names that came over a threshold and are told of at once: the worst. The others are told of with the next look. */
  told: 1_000,
};
/** Scores from which on a name counts as suspicious, and as newly malicious on the day on which it comes to it. */
const thresholds = { suspicious: 70, malicious: 95 };

/** What cannot be taken in is told here, with how often that was so: one item each. */
export type Passed = (says: string, count: number, cause: unknown) => void;

/**
 * The graph of domains and where its names stand, as the worker thread holds it: everything in here may block. `answer` must not be called
 * again before it has resolved.
 */
export function createDomainGraph(setup: DomainsSetup, passed: Passed) {
  const folder = join(setup.data, 'reputation');
  const lexical = new Map<number, number>();
  let store: GraphStore | undefined;
  let track: Track | undefined;
  let model: NameModel | undefined;
  let context: Context | undefined;
  let standings: Standings | undefined;
  let listed: { stamp: string; seeds: Map<number, Seed> } = { stamp: '', seeds: new Map() };
  let anew = false;

  async function open(): Promise<GraphStore> {
    if (store) return store;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    track ??= openTrack();
    for (const [name, day] of setup.crossed) track.cross(name, day);
    const path = join(folder, 'graph');
    try {
      store = await GraphStore.open(path);
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      passed('the graph is damaged; it is made anew from what the lake holds', 0, cause);
      rmSync(`${path}.damaged`, { recursive: true, force: true });
      renameSync(path, `${path}.damaged`);
      anew = true;
      store = await GraphStore.open(path);
    }
    context = createContext(store.graph, names, setup);
    return store;
  }

  function openTrack(): Track {
    const path = join(folder, 'track');
    const found = new Track(path);
    if (found.cut > 0) passed('the end of the file of scores over time was damaged and is cut off', 0, null);
    return found;
  }

  const names = () => (model ??= openNameModel(readFileSync(setup.model)));

  async function take(answers: readonly TakenAnswer[]): Promise<Crossed[]> {
    const { graph } = await open();
    let faults = 0;
    let latest: unknown;
    for (const answer of answers) {
      try {
        observe(graph, answer.name, answer.items, answer.day);
        context!.asked(answer);
      } catch (cause) {
        faults++;
        latest = cause;
      }
    }
    if (faults > 0) passed('answers of resolvers were passed over', faults, latest);
    if (answers.length > 0) standings = undefined;
    return [];
  }

  async function keep(): Promise<void> {
    await (await open()).flush();
    track!.flush();
  }

  async function refresh(now: number, decoys: readonly DecoySeed[], neverBlock: readonly string[]) {
    const { graph } = await open();
    const day = dayOf(now);
    listed = listedHosts({ ...setup, neverBlock, now }, graph, listed);
    const known = [...listed.seeds.values(), ...context!.decoys(decoys)];
    context!.look();
    await store!.settle(day);
    standings = new Standings(graph, names(), known, lexical, context!.guests());
    return crossings(standings, day);
  }

  /** Those of the names over a threshold that had not come to their class before. */
  function crossings(standing: Standings, day: number): Crossed[] {
    const found: Crossed[] = [];
    for (const { name, score, node } of standing.ranked()) {
      if (score < thresholds.suspicious || found.length >= limits.told) break;
      const onList = listed.seeds.has(node);
      // New is what no list has named before.
      if (score >= thresholds.malicious && !onList) track!.cross(name, day);
      const kind = standing.classOf(name, score, node);
      if (!track!.come(name, kind, day)) continue;
      const reasons = standing.show(name)?.reasons ?? [];
      found.push({ name, score, class: kind, reasons, day, listed: onList });
    }
    return found;
  }

  function ranked({ limit, fresh, match }: DomainsTalk['rank']['question']): Ranked[] {
    const rows: Ranked[] = [];
    for (const { name, score, node } of standing().ranked()) {
      const since = track!.since(name);
      if (fresh !== undefined && (since === null || since < fresh)) continue;
      if (match !== undefined && !name.includes(match)) continue;
      rows.push({ name, score, class: standing().classOf(name, score, node), since });
      if (rows.length >= limit) break;
    }
    return rows;
  }

  function scores(hosts: readonly string[]): [string, HostScore][] {
    return hosts.flatMap((host): [string, HostScore][] => {
      const known = isIP(host) > 0 ? standing().address(host) : standing().brief(normalName(host) ?? '');
      return known ? [[host, known]] : [];
    });
  }

  function standing(): Standings {
    if (!standings) throw new Error('nothing was ranked yet');
    return standings;
  }

  return {
    async answer<K extends DomainsQuestion>(
      type: K,
      question: DomainsTalk[K]['question'],
    ): Promise<DomainsTalk[K]['answer']> {
      const handlers: Handlers = {
        open: async () => {
          await open();
          return { anew };
        },
        take: async ({ answers }) => ({ crossed: await take(answers) }),
        keep: async () => {
          await keep();
          return null;
        },
        refresh: async ({ now, seeds, neverBlock }) => ({ crossed: await refresh(now, seeds, neverBlock) }),
        rank: async (query) => ranked(query),
        show: async ({ name }) => standing().show(name),
        scores: async ({ hosts }) => scores(hosts),
      };
      return handlers[type](question);
    },
  };
}

type Handlers = {
  [K in DomainsQuestion]: (question: DomainsTalk[K]['question']) => Promise<DomainsTalk[K]['answer']>;
};
