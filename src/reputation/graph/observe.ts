import { registeredDomain } from '../../model/registered-domain.ts';
import { type Graph, nodeFlags } from './graph.ts';

/** One record of an answer: who it belongs to, and what it says. */
export interface Item {
  owner: string;
  type: string;
  data: string;
  /** Seconds that it may be kept; below 0, or left out, where nobody told. */
  ttl?: number;
}

const secondsPerDay = 86_400;
/** An address that may be kept no longer, in seconds, is meant to change soon (Holz et al., NDSS 2008, saw less in fast flux). */
const shortTtl = 600;

/** The day of a time in milliseconds since the epoch. */
export function dayOf(ms: number): number {
  return Math.floor(ms / 1_000 / secondsPerDay);
}

/** A name and the registered domain that it stands under. -1 where there is no room. */
export function nameNode(graph: Graph, name: string, day: number): number {
  const before = graph.nodes.size;
  const node = graph.node('name', name, day);
  if (node < before) return node;
  const domain = registeredDomain(name);
  if (domain !== null) graph.join('under', node, graph.node('domain', domain, day), day);
  return node;
}

/** An address and the network that it lies in: /24, or /48 (RFC 6177 §2 gives sites that much). */
export function addressNode(graph: Graph, ip: string, day: number): number {
  const before = graph.nodes.size;
  const node = graph.node('ip', ip, day);
  if (node < before) return node;
  graph.join('subnet', node, graph.node('net', networkOf(ip), day), day);
  return node;
}

/** The /24 of an IPv4 address, the /48 of an IPv6 one, both in canonical spelling. */
export function networkOf(ip: string): string {
  if (!ip.includes(':')) return `${ip.slice(0, ip.lastIndexOf('.'))}.0/24`;
  const [head = '', tail] = ip.split('::');
  const groups = head === '' ? [] : head.split(':');
  const behind = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : 8 - groups.length - behind.length;
  const all = [...groups, ...new Array<string>(missing).fill('0'), ...behind].slice(0, 3);
  while (all.length > 0 && all.at(-1) === '0') all.pop();
  return `${all.join(':')}::/48`;
}

/**
 * Somebody asked for a name, and this came back. Names are normal (`normalName`) and addresses canonical. What one record says is an
 * edge; a chain of CNAMEs stays a chain. Gives the nodes whose edges are new: those are to be believed anew.
 */
export function observe(graph: Graph, name: string, items: readonly Item[], day: number): number[] {
  const asked = nameNode(graph, name, day);
  if (asked < 0) return [];
  graph.mark(asked, nodeFlags.asked);
  const changed: number[] = [];
  for (const { owner, type, data, ttl = -1 } of items) {
    const from = owner === name ? asked : nameNode(graph, owner, day);
    let to = -1;
    let fresh = false;
    if (type === 'A' || type === 'AAAA') {
      to = addressNode(graph, data, day);
      fresh = graph.join('resolves', from, to, day);
      if (ttl >= 0 && ttl <= shortTtl && from >= 0) graph.mark(from, nodeFlags.shortLived);
    } else if (type === 'CNAME') {
      to = nameNode(graph, data, day);
      fresh = graph.join('cname', from, to, day);
    } else if (type === 'NS' || type === 'MX') {
      const kind = type === 'NS' ? 'ns' : 'mx';
      to = graph.node(kind, data, day);
      fresh = graph.join(kind, from, to, day);
    }
    if (fresh) changed.push(from, to);
  }
  return changed;
}
