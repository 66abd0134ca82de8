import { normalName } from '../../kit/domain-name.ts';
import { ownedDomain, registeredDomain } from '../../model/registered-domain.ts';

/** A ranked name, as far as an export needs it. */
export interface RankedRow {
  name: string;
  /** 0–100. */
  score: number;
  class: string;
  /** 0–1. */
  confidence: number;
  reasons?: readonly unknown[];
}

export interface SelectionOptions {
  /** The least confidence of a name that is exported, 0–1. */
  confidence: number;
  /** Names that must stay reachable, with all under them: the operator's allow list, own names, never-block. Normal names. */
  allowed?: readonly string[];
  /** Suffixes under which others let to strangers, besides those of the Public Suffix List. Normal names. */
  hosting?: readonly string[];
  /** The most names. */
  limit?: number;
}

/** Why a row is not exported: constants, so that they can be counted. */
export type LeftOut =
  | 'not of the class Malicious'
  | 'not confident enough'
  | 'no name'
  | 'a public suffix'
  | 'an apex under which strangers live'
  | 'on the allow list'
  | 'above an allowed name'
  | 'covered by a name above it'
  | 'over the limit'
  | 'too long for the zone'
  | 'not expressible in this form';

export interface Selection {
  /** Names that are denied with all under them, the highest scores first, then by name. */
  names: string[];
  left: { name: string; why: LeftOut }[];
}

/** Names of an export at the most. */
export const exportLimit = 1_000_000;

/**
 * The names that may be denied in DNS: of class Malicious, of the confidence that the operator asked for, and such that neither
 * a public suffix, nor an apex under which strangers live, nor an allowed name is hit. Each row that is left out has its reason.
 */
export function selectNames(rows: Iterable<RankedRow>, options: SelectionOptions): Selection {
  const { confidence, allowed = [], hosting = [], limit = exportLimit } = options;
  const allow = new Set(allowed);
  const above = new Set(allowed.flatMap((name) => parentsOf(name)));
  const apexes = new Set(hosting);
  const left: Selection['left'] = [];
  const good: RankedRow[] = [];

  const doubt = (row: RankedRow): LeftOut | null => {
    const { name } = row;
    if (row.class !== 'Malicious') return 'not of the class Malicious';
    // Also what is no number at all.
    if (!(row.confidence >= confidence)) return 'not confident enough';
    if (normalName(name) !== name || name.includes('*')) return 'no name';
    if (registeredDomain(name) === null) return 'a public suffix';
    if (ownedDomain(name) === null || apexes.has(name)) return 'an apex under which strangers live';
    if (allow.has(name) || parentsOf(name).some((parent) => allow.has(parent))) return 'on the allow list';
    return above.has(name) ? 'above an allowed name' : null;
  };

  for (const row of rows) {
    const why = doubt(row);
    if (why === null) good.push(row);
    else left.push({ name: row.name, why });
  }
  good.sort((a, b) => b.score - a.score || (a.name < b.name ? -1 : Number(a.name > b.name)));
  const all = new Set(good.map(({ name }) => name));
  const names = new Set<string>();
  for (const { name } of good) {
    if (names.has(name) || parentsOf(name).some((parent) => all.has(parent)))
      left.push({ name, why: 'covered by a name above it' });
    else if (names.size >= limit) left.push({ name, why: 'over the limit' });
    else names.add(name);
  }
  return { names: [...names], left };
}

/** All names above one, from the nearest to the top. */
function parentsOf(name: string): string[] {
  const parents: string[] = [];
  for (let at = name.indexOf('.'); at >= 0; at = name.indexOf('.', at + 1)) parents.push(name.slice(at + 1));
  return parents;
}
