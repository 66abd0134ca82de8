import type { Decision, Scope } from '../model/decision.ts';
import type { Target } from '../model/signal.ts';

const maxPorts = 64;

/** A scope on these ports: sorted, without repeats, the lowest 64 where there are more. Null where there is none. */
export function portScope(source: string, ports: readonly number[]): Scope | null {
  const sorted = [...new Set(ports)].sort((a, b) => a - b).slice(0, maxPorts);
  return sorted.length > 0 ? { source, transport: 'tcp', ports: sorted } : null;
}

/** True where the first scope, of the same source, denies all that the second would. */
export function covers(outer: Scope, inner: Scope): boolean {
  if (outer.source !== inner.source) return false;
  if (outer.ports.length === 0) return true;
  return (
    inner.ports.length > 0 &&
    outer.transport === inner.transport &&
    inner.ports.every((port) => outer.ports.includes(port))
  );
}

/** One scope for what stands and what comes to it, of the same source. */
export function union(standing: Scope, more: Scope): Scope {
  if (standing.ports.length === 0) return standing;
  if (more.ports.length === 0) return more;
  return portScope(more.source, [...standing.ports, ...more.ports]) ?? more;
}

/**
 * True where this traffic should not have got through: what a denied source is answered (a 403, a refused flow) proves
 * nothing new. A decoy is reachable for everybody, and so what happens there always counts.
 */
export function deniedAlready(target: Target, standing: Decision, time: number): boolean {
  if (target.decoy || time < standing.time) return false;
  const { ports, transport } = standing.scope;
  return ports.length === 0 || (transport === target.transport && ports.includes(target.port));
}
