import {
  Followed,
  type Intake,
  type Journal,
  lineReaders,
  type Positions,
  type Rejects,
} from '../intake/index.ts';
import type { Log } from '../kit/log.ts';
import { type Event, overheardKinds } from '../model/event.ts';
import type { IngestSetup } from './messages.ts';

/** How often followed files are looked at, in milliseconds. */
const lookMs = 250;

export interface FollowingParts {
  files: NonNullable<IngestSetup['follow']>;
  intake: Intake;
  rejects: Rejects;
  journal: Journal;
  log: Log;
  bug(error: unknown): void;
  /** Whether more may be read now. */
  free(): boolean;
  /** Has what was read committed. */
  schedule(): void;
}

/** Reads on in the followed files, at most a chunk of each between two commits. */
export function createFollowing({ files: named, journal, log, free, schedule, ...parts }: FollowingParts) {
  let taken: Event[] = [];
  const files = named.map(
    ({ path, format, name, from }) =>
      new Followed({
        ...parts,
        ...{ path, from, source: name, now: Date.now, positions: journal.positions },
        reader: lineReaders.find((reader) => reader.name === format)!,
        taken: (event) => {
          // Answers of resolvers and certificates are too many to be shown live.
          if (!overheardKinds.some((kind) => kind === event.kind)) taken.push(event);
        },
      }),
  );
  const refused = new Set<Followed>();

  function look(): void {
    let more = false;
    if (free()) {
      for (const file of files) {
        try {
          if (file.read()) more = true;
          refused.delete(file);
        } catch (cause) {
          if (!refused.has(file)) log.error('a followed file cannot be read', { path: file.path, cause });
          refused.add(file);
        }
      }
      if (more) schedule();
    }
    setTimeout(look, more ? 0 : lookMs).unref();
  }

  return {
    start(): void {
      if (files.length === 0) return;
      // At once, so that what is written once the system says that it runs is new.
      look();
      schedule();
    },
    /** How far they are, to be kept with the next commit. */
    positions: (): Positions => Object.assign({}, ...files.map((file) => file.positions)),
    /** Events since the last call that are worth showing live. */
    taken(): Event[] {
      const events = taken;
      taken = [];
      return events;
    },
    /** Files that are not there or cannot be read. */
    unreadable: () => files.filter((file) => !file.reading || refused.has(file)).map(({ path }) => path),
    close(): void {
      for (const file of files) file.close();
    },
  };
}
