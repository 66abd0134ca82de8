import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeAtomic } from '../../kit/atomic-file.ts';
import { beginningsSchema, type StoredBeginnings } from './beginnings.ts';

const pathIn = (data: string) => join(data, 'reputation', 'place.json');

/** How far the lake was read. What cannot be read begins anew: the lake still has it. */
export function readPlace(data: string): Place {
  let text: string;
  try {
    text = readFileSync(pathIn(data), 'utf8');
  } catch {
    return { seq: 0, runs: [], all: false, crossed: [], beginnings: { days: [], sources: [] } };
  }
  try {
    const { beginnings, ...place } = placeSchema.parse(JSON.parse(text));
    // Where it was not kept when sources began, all that the lake holds tells it.
    return beginnings ? { ...place, beginnings } : { ...place, ...unknown };
  } catch {
    return { seq: 0, runs: [], crossed: [], ...unknown };
  }
}

const unknown = { all: true, beginnings: { days: [], sources: [] } };

export function writePlace(
  data: string,
  place: Omit<Place, 'crossed' | 'beginnings'> & Partial<Pick<Place, 'beginnings'>>,
): void {
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
  /** When sources of answers began to be looked at. */
  beginnings: beginningsSchema.optional(),
});

export type Place = z.infer<typeof placeSchema> & { beginnings: StoredBeginnings };
