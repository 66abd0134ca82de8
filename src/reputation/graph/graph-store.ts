import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Graph } from './graph.ts';
import { Journal, replay } from './journal.ts';
import { edgeTypes, nodeKinds } from './kinds.ts';
import { readSnapshot, writeSnapshot } from './snapshot.ts';

/** Bytes of changes that a start may have to do again: a few million of them, in seconds. */
const journalBytes = 64 * 1_024 * 1_024;

const name = (number: number, kind: 'snapshot' | 'changes') =>
  `${number.toString().padStart(8, '0')}.${kind}`;

/**
 * A graph on disk: the last snapshot, and what has changed since. A snapshot that is not whole does not count; until the next one is
 * whole, all changes since the one before stay.
 */
export class GraphStore {
  readonly graph: Graph;
  readonly #dir: string;
  #number: number;
  #journal: Journal;

  private constructor(dir: string, graph: Graph, number: number, journal: Journal) {
    this.#dir = dir;
    this.graph = graph;
    this.#number = number;
    this.#journal = journal;
    graph.changes = journal;
  }

  /** Opens or makes the graph of a folder. Throws where what is there cannot be read. */
  static async open(dir: string): Promise<GraphStore> {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const found = readdirSync(dir);
    for (const one of found) if (one.endsWith('.tmp')) rmSync(join(dir, one), { force: true });
    const numbers = (kind: string) =>
      found
        .filter((one) => new RegExp(`^\\d{8}\\.${kind}$`).test(one))
        .map((one) => Number.parseInt(one, 10))
        .sort((a, b) => a - b);
    const snapshot = numbers('snapshot').at(-1) ?? 0;
    const graph = snapshot > 0 ? readSnapshot(join(dir, name(snapshot, 'snapshot'))) : new Graph();
    const journals = numbers('changes').filter((number) => number >= snapshot);
    for (const number of journals)
      replay(join(dir, name(number, 'changes')), {
        node: (kind, text, day) => graph.node(nodeKinds[kind]!, text, day),
        seen: (node, day) => graph.seen(node, day),
        edge: (type, a, b, day) => graph.join(edgeTypes[type]!.name, a, b, day),
        flags: (node, flags) => graph.mark(node, flags),
      });
    const number = journals.at(-1) ?? snapshot;
    return new GraphStore(dir, graph, number, await Journal.open(join(dir, name(number, 'changes'))));
  }

  /** Resolves once every change so far is on disk. */
  flush(): Promise<void> {
    return this.#journal.flush();
  }

  /** Builds the rows anew as they stand on a day, where that changes anything; writes a snapshot once the journal has grown too long. */
  async settle(today: number, mostBytes = journalBytes): Promise<void> {
    const { graph } = this;
    if (this.#journal.bytes > mostBytes) await this.compact(today);
    else if (graph.log.size > 0 || graph.rows < graph.nodes.size || graph.builtOn !== today)
      graph.rebuild(today);
  }

  /** Builds the rows anew as they stand on a day, writes a snapshot, and forgets what it holds. */
  async compact(today: number): Promise<void> {
    const next = await Journal.open(join(this.#dir, name(this.#number + 1, 'changes')));
    const before = this.#journal;
    this.#journal = next;
    this.graph.changes = next;
    this.#number++;
    await before.close();
    this.graph.rebuild(today);
    await writeSnapshot(this.graph, join(this.#dir, name(this.#number, 'snapshot')));
    for (const one of readdirSync(this.#dir))
      if (Number.parseInt(one, 10) < this.#number) await rm(join(this.#dir, one), { force: true });
  }

  async close(): Promise<void> {
    this.graph.changes = undefined;
    await this.#journal.close();
  }
}
