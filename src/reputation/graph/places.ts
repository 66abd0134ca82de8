import { registeredDomain } from '../../model/registered-domain.ts';
import type { Graph } from './graph.ts';

const secondsPerDay = 86_400;

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
