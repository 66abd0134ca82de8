import { Bounded } from '../../kit/bounded.ts';
import { ownedDomain } from '../../model/registered-domain.ts';
import { type Graph, nodeFlags } from './graph.ts';
import { kindNumber, typeNumber } from './kinds.ts';

/** A certificate that a server showed, or whose names are told. Names are normal, the address canonical; the day is since the epoch. */
export interface Shown {
  /** SHA-256 or SHA-1 of it, in hexadecimal. */
  fingerprint: string;
  /** Names that it was made for. */
  names?: readonly string[];
  /** What the client asked for, and whether the log found the certificate to be of that name. */
  name?: string;
  matches?: boolean;
  /** The server's; absent where the log tells of the certificate alone. */
  ip?: string;
  day: number;
}

const limits = {
  /** Certificates whose names are remembered, and names of each that are looked for. */
  certificates: 50_000,
  names: 32,
  /** Names of which a certificate was seen before it was seen where they lead, and what waits of each. */
  waiting: 20_000,
  each: 4,
  /** Who has more owners in one certificate is a host of strangers. */
  owners: 10,
  /** For so many days around an answer its name is held to lead where it said: addresses come to others soon. */
  days: 7,
};

/**
 * Joins names with the certificates that they are served with. Neither side is believed for itself: a client asks for any name it likes,
 * and whoever makes a certificate writes into it what names he likes. A name and a certificate are joined only where the certificate is
 * one of that name, and answers of resolvers lead that name to the very address that showed it.
 */
export class Certificates {
  readonly #graph: Graph;
  readonly #names = new Bounded<string, readonly string[]>(limits.certificates);
  readonly #waiting: Bounded<string, Shown[]>;
  /** Seen where no answer led to, and given up: too many waited, or too much of one name. */
  dropped = 0;

  constructor(graph: Graph, { waiting = limits.waiting }: { waiting?: number } = {}) {
    this.#graph = graph;
    this.#waiting = new Bounded(waiting, (_name, held) => (this.dropped += held.length));
  }

  /** A certificate was seen. */
  saw(shown: Shown): void {
    const { fingerprint, names, day } = shown;
    if (names && names.length > (this.#names.peek(fingerprint)?.length ?? 0)) {
      this.#names.set(fingerprint, names);
      if (areStrangers(names)) this.#share(fingerprint, day);
    }
    if (shown.ip === undefined) return;
    for (const name of this.#of(shown)) {
      // What else stands in it is looked for when it is seen again.
      if (this.#join(name, shown) || name !== shown.name) continue;
      const held = this.#waiting.get(name) ?? [];
      if (held.some((one) => one.fingerprint === fingerprint && one.ip === shown.ip && one.day === day))
        continue;
      if (held.length < limits.each) this.#waiting.set(name, [...held, shown]);
      else this.dropped++;
    }
  }

  /** A resolver answered for a name: what had been seen of it before may be where it leads. */
  answered(name: string): void {
    const held = this.#waiting.peek(name);
    if (!held) return;
    const left = held.filter((shown) => !this.#join(name, shown));
    if (left.length === 0) this.#waiting.delete(name);
    else this.#waiting.set(name, left);
  }

  /** The names that a certificate was shown for: the one that was asked for, where it is one of its own, and those that stand in it. */
  #of({ fingerprint, name, matches }: Shown): Set<string> {
    const own = this.#names.get(fingerprint) ?? [];
    const found = new Set<string>();
    if (name !== undefined && !name.startsWith('*') && (matches ?? own.some((one) => covers(one, name))))
      found.add(name);
    for (const one of own) {
      if (found.size >= limits.names) break;
      if (!one.includes('*')) found.add(one);
    }
    return found;
  }

  /** False where no answer leads the name there. */
  #join(name: string, { fingerprint, ip, day }: Shown): boolean {
    const graph = this.#graph;
    const node = graph.find('name', name);
    const address = graph.find('ip', ip!);
    if (node < 0 || address < 0 || !this.#leads(node, address, day)) return false;
    const certificate = graph.node('certificate', fingerprint, day);
    graph.join('certificate', node, certificate, day);
    return true;
  }

  /** Whether answers of these days lead a name to an address, over one alias at most. */
  #leads(node: number, address: number, day: number): boolean {
    const graph = this.#graph;
    const direct = (name: number): boolean => {
      let found = false;
      graph.each(name, (other, type, first, last) => {
        found ||=
          other === address &&
          type === typeNumber.resolves &&
          day >= first - limits.days &&
          day <= last + limits.days;
      });
      return found;
    };
    if (direct(node)) return true;
    if ((graph.flags(node) & nodeFlags.alias) === 0) return false;
    let found = false;
    graph.each(node, (other, type, first, last) => {
      // An edge does not say which end is the alias: what is one itself may be another's name that leads here.
      if (found || type !== typeNumber.cname || (graph.flags(other) & nodeFlags.alias) !== 0) return;
      found = day >= first - limits.days && day <= last + limits.days && direct(other);
    });
    return found;
  }

  /** Who has such a certificate in common has nothing else in common. */
  #share(fingerprint: string, day: number): void {
    const node = this.#graph.node('certificate', fingerprint, day);
    if (node >= 0) this.#graph.mark(node, nodeFlags.hub | nodeFlags.shared);
  }
}

/** Whether a name in a certificate is a name, or one that `*` stands for: one label, the leftmost (RFC 9525 §6.3). */
function covers(own: string, name: string): boolean {
  if (own === name) return true;
  return own.startsWith('*.') && name.indexOf('.') > 0 && name.slice(name.indexOf('.')) === own.slice(1);
}

/** Whether the names of a certificate belong to many, or to whoever takes one under a suffix that is open to all. */
function areStrangers(names: readonly string[]): boolean {
  const owners = new Set<string>();
  for (const name of names) {
    const plain = name.startsWith('*.') ? name.slice(2) : name;
    const owner = ownedDomain(plain);
    if (owner === null && name !== plain && plain.includes('.')) return true;
    owners.add(owner ?? plain);
  }
  return owners.size > limits.owners;
}

/** Whether a node is a certificate that strangers have in common, which it stays. */
export const isShared = (graph: Graph, node: number): boolean =>
  graph.nodes.kind(node) === kindNumber.certificate && (graph.flags(node) & nodeFlags.shared) !== 0;
