import { lstatSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncFolder, writeAtomic } from '../kit/atomic-file.ts';

/** A switch that is a file: it survives every crash, and a person can set it with `touch` where nothing else works. */
export interface Flag {
  /** True where the file is there, and also where that cannot be told. */
  engaged(): boolean;
  engage(actor: string, reason: string, now: number): void;
  release(): void;
  /** What was written when it was set; null where it is not set. */
  note(): string | null;
}

/** A flag at this path. The kill switch and the open breaker are two of them, in the data directory. */
export function flagFile(path: string): Flag {
  const engaged = (): boolean => {
    try {
      lstatSync(path);
      return true;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code !== 'ENOENT';
    }
  };
  return {
    engaged,
    engage(actor, reason, now) {
      writeAtomic(path, `${JSON.stringify({ time: new Date(now).toISOString(), actor, reason })}\n`);
    },
    release() {
      rmSync(path, { force: true });
      syncFolder(dirname(path));
    },
    note() {
      if (!engaged()) return null;
      try {
        return readFileSync(path, 'utf8').slice(0, 2_048).trim();
      } catch {
        return '';
      }
    },
  };
}

/** A flag that nobody else sees: for a replay, whose breaker must not stop what is live. */
export function memoryFlag(): Flag {
  let written: string | null = null;
  return {
    engaged: () => written !== null,
    engage(actor, reason, now) {
      written = JSON.stringify({ time: new Date(now).toISOString(), actor, reason });
    },
    release() {
      written = null;
    },
    note: () => written,
  };
}
