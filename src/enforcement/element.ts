import { canonicalIp, neighbourhood, parsePrefix, prefixText } from '../kit/ip.ts';
import type { Scope } from '../model/decision.ts';

/** A key taken apart: which set, whom it denies, and on what. */
export interface Element {
  part: string;
  /** An address (IPv6: the first of a /64), or a block with its length. */
  source: string;
  transport?: 'tcp' | 'udp';
  port?: number;
}

/** The sets that a kernel's packet filter needs: single sources, sources on a port, and ranges that people chose. */
export const setParts = ['deny4', 'deny6', 'deny4p', 'deny6p', 'range4', 'range6'] as const;
/** The sets of sources that are slowed down on a port: new TCP connections over a rate are dropped. */
export const slowParts = ['slow4p', 'slow6p'] as const;
export type SetPart = (typeof setParts)[number] | (typeof slowParts)[number];

/** The elements of a scope in such sets: none for a range on single ports, which they cannot express. */
export function setKeys({ source, transport, ports }: Scope): string[] {
  const block = parsePrefix(source);
  if (!block) return [];
  const text = prefixText(block);
  const [address = '', length = ''] = text.split('/');
  const v6 = address.includes(':');
  const single = v6 ? block.bits === 128 || block.bits === 64 : block.bits === 128;
  if (!single) return ports.length === 0 ? [`${v6 ? 'range6' : 'range4'} ${address}/${length}`] : [];
  const who = neighbourhood(address);
  if (ports.length === 0) return [`${v6 ? 'deny6' : 'deny4'} ${who}`];
  const part = v6 ? 'deny6p' : 'deny4p';
  const transports = transport ? [transport] : ['tcp', 'udp'];
  return transports.flatMap((one) => ports.map((port) => `${part} ${who} ${one} ${port}`));
}

/** The elements of a scope that is slowed down: of a single source on TCP ports, and none for anything wider. */
export function slowKeys(scope: Scope): string[] {
  return scope.transport === 'tcp' && scope.ports.length > 0
    ? setKeys(scope).map((key) => key.replace(/^deny/, 'slow'))
    : [];
}

export function partOf(key: string): string {
  return key.slice(0, key.indexOf(' '));
}

/** Takes a key apart. Null where it is none: nothing else ever reaches a command's input. */
export function parseKey(key: string): Element | null {
  const [part = '', source = '', transport, port, more] = key.split(' ');
  if (!/^[a-z0-9]{1,16}$/.test(part) || more !== undefined) return null;
  const block = parsePrefix(source);
  if (!block || (source.includes('/') ? prefixText(block) : canonicalIp(source)) !== source) return null;
  if (transport === undefined) return { part, source };
  if ((transport !== 'tcp' && transport !== 'udp') || !/^[1-9][0-9]{0,4}$/.test(port ?? '')) return null;
  const number = Number(port);
  return number <= 65_535 ? { part, source, transport, port: number } : null;
}

/** What an element denies, for a never-block check: an IPv6 source is its whole /64. */
export function reachOf({ source }: Element): string {
  return source.includes(':') && !source.includes('/') ? `${source}/64` : source;
}
