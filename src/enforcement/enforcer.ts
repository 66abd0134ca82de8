import type { z } from 'zod';
import type { Scope } from '../model/decision.ts';

/** A deny that should stand outside: what the enforcer makes true. `until` in milliseconds since the epoch. */
export interface Wanted {
  decision: string;
  scope: Scope;
  until: number;
}

/** What a read-back found, in the enforcer's own terms: one entry for each element that stands. */
export interface Standing {
  /** The element's canonical key, as `keys` gives it for a wanted deny. */
  key: string;
  /** When it ends by itself, in milliseconds since the epoch. */
  until: number;
}

/**
 * One system that can deny. It owns only what it made, is idempotent, and holds desired state: `apply` is handed only what
 * changes, `read` tells what stands, `clear` leaves the empty set. A shared runner checks never-block, batches, times out,
 * writes receipts, compares and repairs.
 */
export interface Enforcer {
  name: string;
  /** The elements that this deny takes in this system; empty where it cannot express the scope. */
  keys(scope: Scope): string[];
  /** Prepares what it owns (table, sets, rules, files) without touching anything else. Idempotent. */
  prepare(): Promise<void>;
  /** Makes additions stand and removals go, in one transaction where the system has one. Throws where it could not. */
  apply(add: Standing[], remove: string[]): Promise<void>;
  read(): Promise<Standing[]>;
  /** The empty set: what the kill switch and a rollback want. Fast, whatever its size. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** How an enforcer is listed: its options, checked, and how one is made of them. */
export interface EnforcerPlugin<Options extends z.ZodObject = z.ZodObject> {
  name: string;
  summary: string;
  options: Options;
  create(options: z.infer<Options>): Enforcer;
}

export function defineEnforcer<Options extends z.ZodObject>(
  plugin: EnforcerPlugin<Options>,
): EnforcerPlugin<Options> {
  return plugin;
}
