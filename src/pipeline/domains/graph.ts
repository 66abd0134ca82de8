import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { normalName } from '../../kit/domain-name.ts';
import { Certificates } from '../../reputation/graph/certificates.ts';
import { ClientGroups } from '../../reputation/graph/client-groups.ts';
import type { Graph } from '../../reputation/graph/graph.ts';
import { GraphStore } from '../../reputation/graph/graph-store.ts';
import { observeAll } from '../../reputation/graph/observe.ts';
import { dayOf } from '../../reputation/graph/places.ts';
import { type NameModel, openNameModel } from '../../reputation/names/name-model.ts';
import { Lexical } from '../../reputation/rank/priors.ts';
import { type Row, Standings } from '../../reputation/rank/standing.ts';
import { leadOf } from '../../reputation/track/lead.ts';
import { Track } from '../../reputation/track/track.ts';
import { askersKey } from './askers.ts';
import { type Context, createContext } from './context.ts';
import { Listed } from './listed.ts';
import type {
  Crossed,
  DomainsQuestion,
  DomainsSetup,
  DomainsTalk,
  HostScore,
  Ranked,
  Shown,
  TakenAnswer,
} from './messages.ts';
import { takeTogether } from './take-together.ts';

const limits = {
  /** Names that came over a threshold and are told of at once: the worst. The others are told of with the next look. */
  told: 1_000,
};
/** Scores from which on a name's score is kept over time, from which on it counts as suspicious, and as newly malicious on the day on which it comes to it. */
const thresholds = { followed: 15, suspicious: 70, malicious: 95 };

/** What cannot be taken in is told here, with how often that was so: one item each. */
export type Passed = (says: string, count: number, cause: unknown) => void;

/**
 * The graph of domains and where its names stand, as the worker thread holds it: everything in here may block. `answer` must not be called
 * again before it has resolved.
 */
export function createDomainGraph(setup: DomainsSetup, passed: Passed) {
  const folder = join(setup.data, 'reputation');
  const lexical = new Lexical();
  let store: GraphStore | undefined;
  let track: Track | undefined;
  let model: NameModel | undefined;
  let context: Context | undefined;
  let certificates: Certificates | undefined;
  let groups: ClientGroups | undefined;
  let standings: Standings | undefined;
  const listed = new Listed();
  /** The days on which sources of answers began; and whether they are others than all was ranked with. */
  let beginnings: ReadonlySet<number> = new Set();
  let begun = false;
  /** More had come over a threshold than were told of. */
  let more = false;
  /** How often all was ranked. */
  let rankings = 0;
  let anew = false;
  /** As the main thread said last, in days since the epoch. */
  let today = 0;

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
    certificates = new Certificates(store.graph);
    return store;
  }

  function openTrack(): Track {
    const path = join(folder, 'track');
    const found = new Track(path);
    if (found.cut > 0) passed('the end of the file of scores over time was damaged and is cut off', 0, null);
    return found;
  }

  /** Made with the first client that is told of: most logs tell of none. */
  function groupsOf(graph: Graph, least: number): ClientGroups {
    groups ??= new ClientGroups(graph, { key: askersKey(join(folder, 'key')), least });
    return groups;
  }

  const names = () => (model ??= openNameModel(readFileSync(setup.model)));

  function hearBeginnings(days: readonly number[] | undefined): void {
    if (!days || (days.length === beginnings.size && days.every((day) => beginnings.has(day)))) return;
    beginnings = new Set(days);
    begun = true;
    standings?.began(beginnings);
  }

  async function take({
    answers,
    beginnings: days,
  }: DomainsTalk['take']['question']): Promise<DomainsTalk['take']['answer']> {
    const { graph } = await open();
    hearBeginnings(days);
    const crossed: Crossed[] = [];
    const { faults, latest } = takeTogether(answers, (some) => {
      const told = some.filter((one): one is TakenAnswer => !('fingerprint' in one));
      observeAll(graph, told, () => {});
      const noted = context!.took(told);
      for (const one of some)
        if ('fingerprint' in one) certificates!.saw(one);
        else {
          certificates!.answered(one.name);
          if (one.asked && setup.leastClients !== undefined)
            groupsOf(graph, setup.leastClients).asked(one.name, one.asked.client, one.day);
        }
      if (!standings) return;
      const names = told.map(({ name }) => name);
      crossed.push(...moved(standings.follow(names, noted)));
    });
    if (faults > 0) passed('answers of resolvers were passed over', faults, latest);
    const clients = { pushedOut: groups?.pushedOut ?? 0, leftOut: groups?.leftOut ?? 0 };
    return { crossed, due: standings?.due ?? true, clients };
  }

  async function keep(): Promise<void> {
    await (await open()).flush();
    track!.flush();
  }

  /** What is known from elsewhere, heard anew: what differs moves what it touches; where too much does, or on another day, all is ranked. */
  async function refresh({
    now,
    seeds,
    neverBlock,
    beginnings: days,
  }: DomainsTalk['refresh']['question']): Promise<Crossed[]> {
    const { graph } = await open();
    hearBeginnings(days);
    today = dayOf(now);
    const fresh = listed.hear({ ...setup, neverBlock, now }, graph);
    if (fresh) for (const name of [...track!.names()]) list(name);
    const known = [...listed.seeds(), ...context!.decoys(seeds, today)];
    context!.look();
    const rows =
      !standings || begun || standings.due || graph.builtOn !== today ? null : standings.reseed(known);
    if (rows && !more) return moved(rows);
    more = false;
    if (!rows) {
      standings = undefined;
      context!.lookAtAll();
      await store!.settle(today);
      standings = new Standings(graph, names(), known, lexical, context!.guests, beginnings);
      begun = false;
      rankings++;
    }
    return moved(followed());
  }

  /** Names whose scores are kept over time. */
  function* followed(): Generator<Row> {
    for (const row of standing().ranked()) {
      if (row.score < thresholds.followed) break;
      yield row;
    }
    for (const name of [...track!.names()]) {
      const row = standing().row(name);
      if (row && row.score < thresholds.followed) yield row;
    }
  }

  function list(name: string): void {
    const entry = listed.of(name);
    if (entry) track!.list(name, entry.day, entry.feed);
  }

  /** Takes down where names stand now, and gives those that came to a class for the first time. */
  function moved(rows: Iterable<Row>): Crossed[] {
    const found: Crossed[] = [];
    for (const { name, score, node } of rows) {
      const known = track!.follows(name);
      if (score < thresholds.followed && !known) continue;
      const kind = standing().classOf(name, score, node);
      track!.point(name, { day: today, score, class: kind });
      if (!known) list(name);
      if (score < thresholds.suspicious) continue;
      const onList = listed.of(name) !== null;
      // New is what no list has named before.
      if (score >= thresholds.malicious && !onList) track!.cross(name, today);
      if (found.length >= limits.told) more = true;
      else if (track!.come(name, kind, today)) {
        const reasons = standing().show(name)?.reasons ?? [];
        found.push({ name, score, class: kind, reasons, day: today, listed: onList });
      }
    }
    return found;
  }

  function ranked({ limit, fresh, match }: DomainsTalk['rank']['question']): Ranked[] {
    const rows: Ranked[] = [];
    for (const { name, score, node } of fresh === undefined
      ? standing().ranked(match)
      : crossedSince(fresh, match)) {
      if (rows.length >= limit) break;
      rows.push({ name, score, class: standing().classOf(name, score, node), since: track!.since(name) });
    }
    return rows;
  }

  /** Names that came to the highest threshold since a day, the worst first. */
  function crossedSince(day: number, match = ''): Row[] {
    const rows: Row[] = [];
    for (const crossing of track!.crossings()) {
      const row = crossing.day >= day && crossing.name.includes(match) && standing().row(crossing.name);
      if (row) rows.push(row);
    }
    return rows.sort((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1));
  }

  function show(name: string): Shown | null {
    const shown = standing().show(name);
    if (!shown) return null;
    const kept = track!.of(name);
    const entry = listed.of(name);
    return {
      ...{ ...shown, history: kept?.history ?? [], since: kept?.since ?? null },
      listed: kept?.listed ?? (entry && { day: entry.day, feed: entry.feed }),
    };
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
        take,
        keep: async () => {
          await keep();
          return null;
        },
        refresh: async (query) => ({ crossed: await refresh(query), rankings }),
        rank: async (query) => ranked(query),
        show: async ({ name }) => show(name),
        group: async ({ group }) => standing().group(group),
        lead: async ({ today: day }) => {
          await open();
          return leadOf(track!.crossings(), day);
        },
        scores: async ({ hosts }) => scores(hosts),
      };
      return handlers[type](question);
    },
  };
}

type Handlers = {
  [K in DomainsQuestion]: (question: DomainsTalk[K]['question']) => Promise<DomainsTalk[K]['answer']>;
};
