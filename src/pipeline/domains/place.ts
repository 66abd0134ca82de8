import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeAtomic } from '../../kit/atomic-file.ts';

const pathIn = (data: string) => join(data, 'reputation', 'place.json');

/** How far the lake was read. What cannot be read begins anew: the lake still has it. */
export function readPlace(data: string): Place {
  let text: string;
  try {
    text = readFileSync(pathIn(data), 'utf8');
  } catch {
    return { seq: 0, runs: [], all: false, crossed: [] };
  }
  try {
    return placeSchema.parse(JSON.parse(text));
  } catch {
    return { seq: 0, runs: [], all: true, crossed: [] };
  }
}

export function writePlace(data: string, place: Omit<Place, 'crossed'>): void {
  mkdirSync(join(data, 'reputation'), { recursive: true, mode: 0o700 });
  writeAtomic(pathIn(data), JSON.stringify(place));
}

const placeSchema = z.strictObject({
  seq: z.int().min(0),
  /** Imports that were not taken in to their end. */
  runs: z.array(z.string()),
  /** The graph is to be made from all that the lake holds. */
  all: z.boolean().default(false),
  /** Names, and the day on which each first came to the threshold: as it was kept before the thread kept it. */
  crossed: z.array(z.tuple([z.string(), z.int()])).default([]),
});

export type Place = z.infer<typeof placeSchema>;
