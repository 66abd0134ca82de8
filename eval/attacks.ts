import { type Draw, pick } from '../src/kit/seeded.ts';
import type { DatedEdge } from './mdns.ts';

/** Attacks begin after what is known: a day later than all edges of the data. */
export const attackDay = 20_001;

/** Each of `names` gets `count` addresses of `hosts` besides its own: what clean neighbours cost is a few records. */
export function buyNeighbours(
  edges: readonly DatedEdge[],
  names: readonly string[],
  hosts: readonly string[],
  count: number,
  draw: Draw,
): DatedEdge[] {
  const more = names.flatMap((name) =>
    Array.from({ length: count }, (): DatedEdge => ({ name, ip: pick(draw, hosts), day: attackDay })),
  );
  return [...edges, ...more];
}

/** All of `names` leave their addresses for one. */
export function moveTo(edges: readonly DatedEdge[], names: ReadonlySet<string>, ip: string): DatedEdge[] {
  return [
    ...edges.filter(({ name }) => !names.has(name)),
    ...Array.from(names, (name): DatedEdge => ({ name, ip, day: attackDay })),
  ];
}

/** `count` of the `villains`, who are known to be bad, are pointed at an address of each victim. Who has no address cannot be framed. */
export function frame(
  edges: readonly DatedEdge[],
  victims: readonly string[],
  villains: readonly string[],
  count: number,
  draw: Draw,
): DatedEdge[] {
  const home = new Map(edges.map(({ name, ip }) => [name, ip]));
  const more = victims.flatMap((victim) => {
    const ip = home.get(victim);
    return ip === undefined
      ? []
      : Array.from({ length: count }, (): DatedEdge => ({ name: pick(draw, villains), ip, day: attackDay }));
  });
  return [...edges, ...more];
}

/** Addresses of names that are known to be good, the most crowded last. */
export function hostsOf(edges: readonly DatedEdge[], good: ReadonlySet<string>): string[] {
  const counts = new Map<string, number>();
  for (const { name, ip } of edges) if (good.has(name)) counts.set(ip, (counts.get(ip) ?? 0) + 1);
  return [...counts].sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1)).map(([ip]) => ip);
}
