import type { z } from 'zod';
import type { Clock } from '../kit/clock.ts';
import type { Decision, Scope } from '../model/decision.ts';

/** What an enforcer can do to a source: drop all of it, or only what comes too fast. */
export type Action = Exclude<Decision['action'], 'watch'>;

/** A deny that should stand outside: what the enforcer makes true. `until` in milliseconds since the epoch. */
export interface Wanted {
  decision: string;
  scope: Scope;
  until: number;
}

/** One element that stands or is to stand, in the enforcer's own terms. */
export interface Standing {
  /** `part source[ transport port]`: the element's canonical key, as `keys` gives it for a wanted deny. */
  key: string;
  /** When it ends by itself, in milliseconds since the epoch. */
  until: number;
}

/**
 * One system that can deny. It owns only what it made and is idempotent: `apply` is handed only what changes, `read` tells
 * what stands, `clear` leaves the empty set. A shared runner holds what is wanted, checks never-block, batches, times out,
 * writes receipts, compares and repairs.
 */
export interface Enforcer {
  readonly name: string;
  /** What is read back one at a time: the first word of each key. */
  readonly parts: readonly string[];
  /** True where elements end by themselves at their time. */
  readonly expires: boolean;
  /** How many milliseconds of changes are gathered into one `apply`. */
  readonly batchMs: number;
  /** The elements that this takes in this system; empty where it cannot express the scope, or cannot do this to it. */
  keys(scope: Scope, action?: Action): string[];
  /** Prepares what it owns (table, sets, rules, files) without touching anything else. Idempotent; what stands stays. */
  prepare(): Promise<void>;
  /** Hands over the never-block blocks, as of `readAt`: returned first where the system can, checked again where it does. */
  protect(blocks: readonly string[], readAt: number): Promise<void>;
  /**
   * Makes additions stand, or stand longer, and removals go, in one transaction where the system has one. Returns the keys
   * that it refused by its own never-block check. Throws where it could not.
   */
  apply(add: readonly Standing[], remove: readonly string[]): Promise<readonly string[]>;
  read(part: string): Promise<Standing[]>;
  /** The empty set: what the kill switch and a rollback want. Fast, whatever its size. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** How an enforcer is listed: its options, checked, and how one is made of them. `create` does no IO. */
export interface EnforcerPlugin<Options extends z.ZodObject = z.ZodObject> {
  name: string;
  summary: string;
  options: Options;
  create(options: z.infer<Options>, clock: Clock): Enforcer;
}

export function defineEnforcer<Options extends z.ZodObject>(
  plugin: EnforcerPlugin<Options>,
): EnforcerPlugin<Options> {
  return plugin;
}
