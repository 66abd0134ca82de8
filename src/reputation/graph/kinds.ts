/** What a node can be. Its place here is the first byte of its key: never change the order. */
export const nodeKinds = [
  'name',
  'domain',
  'ip',
  'net',
  'asn',
  'ns',
  'mx',
  'certificate',
  'client',
  'sighting',
  'burst',
] as const;
export type NodeKind = (typeof nodeKinds)[number];
export const kindNumber = Object.fromEntries(nodeKinds.map((kind, at) => [kind, at])) as Record<
  NodeKind,
  number
>;

/** How strongly an edge couples its ends, in logits at full scale; nothing passes where that is 0. Its place here is stored: never change the order. */
const types = [
  /** A name under its registered domain. Never across a public suffix. */
  { name: 'under', weight: 0.9 },
  { name: 'resolves', weight: 0.5 },
  { name: 'cname', weight: 0.6 },
  { name: 'ns', weight: 0.6 },
  { name: 'mx', weight: 0.3 },
  { name: 'certificate', weight: 0.7 },
  /** An address in its /24 or /48, and that in its network. */
  { name: 'subnet', weight: 0.2 },
  { name: 'network', weight: 0.05 },
  /** Two names that look alike. */
  { name: 'lookalike', weight: 0.4 },
  /** A group of clients asked for a name. Who asks can ask for what he likes: nothing passes it, and it tells of nobody for ever. */
  { name: 'asked', weight: 0, keptDays: 90 },
  /** A decoy was told to fetch from it, or was attacked by it. */
  { name: 'sighting', weight: 0.6 },
  /** A name among those of a burst of generated names. Tells of that name alone: nothing passes it. */
  { name: 'burst', weight: 0 },
] as const satisfies readonly { name: string; weight: number; keptDays?: number }[];
export type EdgeType = (typeof types)[number]['name'];
/** `keptDays`: when it was not seen for longer, it leaves. */
export const edgeTypes: readonly { name: EdgeType; weight: number; keptDays?: number }[] = types;
export const typeNumber = Object.fromEntries(edgeTypes.map(({ name }, at) => [name, at])) as Record<
  EdgeType,
  number
>;

/** An edge weighs half after so many days without being seen. */
const halfLifeDays = 14;
/** Ages up to which edges share one weight, in days; the last one is without end. */
const ageLimits = [3, 10, 24, 60, Number.POSITIVE_INFINITY] as const;
/** The age that stands for each of them. */
const ageMiddles = [1, 6, 16, 38, 90] as const;

/** The place of an age in days among the ages. */
export function ageOf(days: number): number {
  return ageLimits.findIndex((limit) => days <= limit);
}

/** What an edge's weight is multiplied by at this age. */
export function decay(age: number): number {
  return 2 ** (-ageMiddles[age]! / halfLifeDays);
}
