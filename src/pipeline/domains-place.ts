import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** How far the lake was read. What cannot be read begins anew: the lake still has it. */
export function readPlace(path: string) {
  try {
    const { seq, runs, all, crossed } = placeSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    return { seq, runs: new Set(runs), all, crossed };
  } catch {
    return { seq: 0, runs: new Set<string>(), all: false, crossed: [] };
  }
}

const placeSchema = z.strictObject({
  seq: z.int().min(0),
  /** Imports that were not taken in to their end. */
  runs: z.array(z.string()),
  /** The graph was lost, and not yet made from all that the lake holds. */
  all: z.boolean().default(false),
  /** Names, and the day on which each first came to the threshold: as it was kept before the thread kept it. */
  crossed: z.array(z.tuple([z.string(), z.int()])).default([]),
});
