import { registeredDomain } from '../../model/registered-domain.ts';
import { isShared } from '../graph/certificates.ts';
import type { EdgeLog } from '../graph/edge-log.ts';
import { type Graph, nodeFlags } from '../graph/graph.ts';
import { grown } from '../graph/growing.ts';
import { kindNumber, typeNumber } from '../graph/kinds.ts';
import type { KnownHost, KnownHosts } from './known-hosts.ts';

/** Names under one domain of a known host that are looked at. */
const namesLimit = 10_000;
/** How many days a name may be seen later than its carriers were: name servers are asked for seldom. */
const lateDays = { host: 1, server: 14 };
const { ip, ns, mx } = kindNumber;

const carries = (type: number) =>
  type === typeNumber.ns || type === typeNumber.resolves || type === typeNumber.cname;

/** The nodes of a graph that are known for having everybody's names, and the names that are wholly on them. */
export class KnownNodes {
  readonly #graph: Graph;
  readonly #hosts: KnownHosts;
  readonly #nodes = new Map<number, KnownHost>();
  /** The names that are wholly on known hosts of one kind: all addresses and aliases that were seen lately, or all name servers. */
  readonly guests = new Map<number, KnownHost>();
  #looked = 0;
  /** By node, whether it is beside one that is known: most names never are, and need not be looked at with each answer. */
  #beside = new Uint8Array(0);
  #log: EdgeLog | undefined;
  #edges = 0;

  constructor(graph: Graph, hosts: KnownHosts) {
    this.#graph = graph;
    this.#hosts = hosts;
  }

  /** Looks at the nodes that are new since the last call, and has no belief pass those that are known. */
  look(): void {
    const { nodes } = this.#graph;
    for (; this.#looked < nodes.size; this.#looked++) {
      const kind = nodes.kind(this.#looked);
      if (kind === ip) this.#note(this.#looked, this.#hosts.ofAddress(nodes.text(this.#looked)));
      else if (kind === ns || kind === mx)
        this.#note(this.#looked, this.#hosts.ofName(nodes.text(this.#looked)));
      else this.#note(this.#looked, undefined);
    }
    this.#lookBeside();
  }

  #lookBeside(): void {
    const { log, nodes } = this.#graph;
    if (log !== this.#log) this.#edges = 0;
    this.#log = log;
    this.#beside = grown(this.#beside, nodes.size);
    for (; this.#edges < log.size; this.#edges++) {
      const [a, b] = [log.a(this.#edges), log.b(this.#edges)];
      if ((this.#graph.flags(a) & nodeFlags.hub) !== 0) this.#beside[b] = 1;
      if ((this.#graph.flags(b) & nodeFlags.hub) !== 0) this.#beside[a] = 1;
    }
  }

  /** Looks for the targets of aliases in all zones that are known: more work, for now and then. */
  lookAtZones(): void {
    for (const zone of this.#hosts.zones()) this.#zone(zone);
  }

  /** Targets of aliases in a zone. */
  #zone(zone: string): void {
    const domain = this.#graph.find('domain', registeredDomain(zone) ?? zone);
    if (domain < 0) return;
    let seen = 0;
    this.#graph.each(domain, (name, type) => {
      if (type === typeNumber.under && seen++ < namesLimit)
        this.#note(name, this.#hosts.ofName(this.#graph.nodes.text(name)));
    });
  }

  #note(node: number, known: KnownHost | undefined): void {
    if (known) {
      this.#nodes.set(node, known);
      this.#graph.mark(node, nodeFlags.hub);
    } else if ((this.#graph.flags(node) & nodeFlags.hub) !== 0 && !isShared(this.#graph, node)) {
      // It was on a list that it is on no more.
      this.#graph.unmark(node, nodeFlags.hub);
    }
  }

  /**
   * Looks at one name anew: it was answered for, and what is new was looked at. True where it came to be a guest, or is none any more.
   */
  visit(name: number): boolean {
    if (this.#beside[name] !== 1 || this.#nodes.has(name)) return false;
    const before = this.guests.get(name);
    let known: KnownHost | undefined;
    let byServer = false;
    this.#graph.each(name, (other, type) => {
      const host = this.#nodes.get(other);
      if (!host || !carries(type) || (type === typeNumber.ns && host.kind === 'shared')) return;
      known = host;
      byServer = type === typeNumber.ns;
    });
    if (known && this.#wholly(name, byServer, known.kind)) {
      this.guests.set(name, known);
      return before?.kind !== known.kind;
    }
    // What its domain's name servers say stands until all are looked at.
    if (!known) return false;
    return this.guests.delete(name);
  }

  /** Looks at all names that are on known hosts. */
  visitAll(): void {
    const { guests } = this;
    guests.clear();
    this.#beside = grown(this.#beside, this.#graph.nodes.size);
    const tried = new Set<number>();
    for (const [host, known] of this.#nodes)
      this.#graph.each(host, (name, type) => {
        this.#beside[name] = 1;
        if (this.#graph.nodes.kind(name) !== kindNumber.name || this.#nodes.has(name)) return;
        const byServer = type === typeNumber.ns;
        if (!carries(type)) return;
        if (byServer && known.kind === 'shared') return;
        const key = 2 * name + (byServer ? 1 : 0);
        if (tried.has(key)) return;
        tried.add(key);
        if (!this.#wholly(name, byServer, known.kind)) return;
        guests.set(name, known);
        if (byServer) this.#others(name, known, guests);
      });
  }

  /** Whether all that carries a name of late is known for the same. */
  #wholly(node: number, byServer: boolean, kind: KnownHost['kind']): boolean {
    let latest = 0;
    const carriers: { other: number; day: number }[] = [];
    this.#graph.each(node, (other, type, _first, day) => {
      const counts = byServer
        ? type === typeNumber.ns
        : type === typeNumber.resolves ||
          // An edge does not say which end is the alias.
          (type === typeNumber.cname && this.#nodes.has(other));
      if (!counts) return;
      carriers.push({ other, day });
      latest = Math.max(latest, day);
    });
    if (latest + (byServer ? lateDays.server : lateDays.host) < this.#graph.lastDay(node)) return false;
    return carriers.every(({ other, day }) => day < latest || this.#nodes.get(other)?.kind === kind);
  }

  /** What its name servers say of a domain, they say of all names under it. */
  #others(apex: number, known: KnownHost, guests: Map<number, KnownHost>): void {
    const domain = this.#graph.find('domain', this.#graph.nodes.text(apex));
    if (domain < 0) return;
    let seen = 0;
    this.#graph.each(domain, (name, type) => {
      if (type === typeNumber.under && seen++ < namesLimit && !guests.has(name)) guests.set(name, known);
    });
  }
}
