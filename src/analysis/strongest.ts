import type { EvidenceClass } from '../model/signal.ts';
import type { Ref } from './detector.ts';

/**
 * The `needed` best proven of some references, in their order. A claim rests on what it needs: a source cannot weaken
 * the proof of what it did by doing more that proves less.
 */
export function strongest(refs: readonly Ref[], needed: number): Ref[] {
  if (refs.length <= needed) return refs.slice();
  const classes = refs.map(({ evidence }) => evidence).sort();
  const least = classes[classes.length - needed]!;
  let spare = needed - refs.filter(({ evidence }) => evidence > least).length;
  return refs.filter(({ evidence }) => evidence > least || (evidence === least && spare-- > 0));
}

/** The weakest class of some references. */
export function weakestOf(refs: readonly Ref[]): EvidenceClass {
  let least: EvidenceClass = 'E5';
  for (const { evidence } of refs) if (evidence < least) least = evidence;
  return least;
}
