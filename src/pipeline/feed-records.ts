import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Met, type Records, TrackRecord } from '../intel/index.ts';
import { writeAtomic } from '../kit/atomic-file.ts';

/** Hosts that decoys met, of which feeds are told: as many as the graph of domains is told of, each with its source. */
const metLimit = 40_000;
const metSchema = z
  .array(
    z.strictObject({
      host: z.string().max(253),
      day: z.int().min(0).max(0xffff),
      by: z.array(z.string().max(64)).max(64),
    }),
  )
  .max(metLimit);

/** The track records of feeds: a file each. */
export function feedRecords(folder: string): Records {
  const path = (name: string) => join(folder, `${name}.record`);
  return {
    read(name, identity) {
      try {
        return TrackRecord.read(readFileSync(path(name)), identity);
      } catch {
        return null;
      }
    },
    write(name, identity, record) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeAtomic(path(name), record.bytes(identity));
    },
  };
}

/** What feeds were told last of what decoys met; nothing where that cannot be read. */
export function readMet(path: string): Met[] {
  try {
    return metSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return [];
  }
}

/** Keeps what decoys met. False where that was known. */
export function keepMet(path: string, met: readonly Met[]): boolean {
  const text = JSON.stringify(metSchema.parse(met.slice(0, metLimit)));
  if (text === JSON.stringify(readMet(path))) return false;
  writeAtomic(path, text);
  return true;
}
