import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** How far the lake was read, and since when names stand where they stand. What cannot be read begins anew: the lake still has it. */
export function readPlace(path: string): { seq: number; crossed: Map<string, number>; runs: Set<string> } {
  try {
    const { seq, crossed, runs } = placeSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    return { seq, crossed: new Map(crossed), runs: new Set(runs) };
  } catch {
    return { seq: 0, crossed: new Map(), runs: new Set() };
  }
}

const placeSchema = z.strictObject({
  seq: z.int().min(0),
  /** Names, and the day on which each first came to the threshold. */
  crossed: z.array(z.tuple([z.string(), z.int()])),
  /** Imports that were not taken in to their end. */
  runs: z.array(z.string()),
});
