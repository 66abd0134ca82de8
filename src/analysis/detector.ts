import type { z } from 'zod';
import type { EventOf, Kind } from '../model/event.ts';
import type { EvidenceClass, Target } from '../model/signal.ts';
import type { Subject } from '../model/subject.ts';

declare const made: unique symbol;

/**
 * What a detector keeps of an event that a claim will rest on. Only `analysis/evidence.ts` makes one: a rule's author cannot
 * choose the class, and remembering it costs no more than the id.
 */
export interface Ref {
  readonly id: string;
  readonly evidence: EvidenceClass;
  readonly target: Target;
  readonly [made]: true;
}

/** A detector's claim; the analysis adds id, time, class (the weakest of `because`) and targets, and so makes a signal. */
export interface Claim {
  subject: Subject;
  confidence: number;
  attack: string[];
  says: string;
  /** Whose login it is, where that is what the claim tells. */
  account?: string;
  because: Ref[];
}

/** Synchronous, per event, its state in a closure and always bounded; time is the event's own. */
export interface Detector<K extends Kind = Kind, Options extends z.ZodObject = z.ZodObject> {
  name: string;
  summary: string;
  /** The kinds of event that it sees; narrows what it is handed. */
  on: readonly K[];
  options: Options;
  start(options: z.infer<Options>): (event: EventOf<K>, ref: () => Ref) => Claim | undefined;
}

export function defineDetector<K extends Kind, Options extends z.ZodObject>(
  detector: Detector<K, Options>,
): Detector<K, Options> {
  return detector;
}
