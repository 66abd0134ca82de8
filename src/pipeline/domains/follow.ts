import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../../kit/fault.ts';
import type { Lake } from '../../lake/index.ts';
import { type AnswerBatch, lastLive, liveAnswers, type Saw, storedAnswers } from './answers.ts';
import { Beginnings } from './beginnings.ts';
import type { DomainsQuestion, DomainsTalk } from './messages.ts';
import { type Place, writePlace } from './place.ts';
import type { DomainsWorkerEnd } from './worker-end.ts';

/** How often answers that could not be taken in are tried again at once, and how long is waited before, in milliseconds. */
const tries = 4;
const retryMs = 500;

/** Event times, in milliseconds since the epoch. */
export interface Span {
  from: number;
  to: number;
}

export interface FollowParts {
  data: string;
  lake: Lake;
  worker: DomainsWorkerEnd;
  place: Place;
  /** Is told what the worker made of each batch. */
  taken(answer: DomainsTalk['take']['answer']): void;
  stopping(): boolean;
}

/**
 * Gives the worker what the lake holds, and keeps how far that came: only once the worker has written it, so that one that dies takes nothing
 * with it. Seen twice, an answer changes nothing.
 */
export function followAnswers({ data, lake, worker, place, taken, stopping }: FollowParts) {
  const { runs: unread, ...state } = { ...place, runs: new Set(place.runs) };
  const counters = { answers: 0, refused: 0 };
  const beginnings = new Beginnings(place.beginnings);
  /** What a worker was told of them last: which one, by number, and after how many changes. */
  let toldBeginnings = '';
  const saw: Saw = (source, from, to) => beginnings.saw(source, from, to);
  /** The worker that was last asked to open the graph, by number. */
  let opened = 0;

  function write(): void {
    writePlace(data, {
      ...{ seq: state.seq, runs: [...unread], all: state.all },
      beginnings: beginnings.stored(),
    });
  }

  /** Asks a worker that has its graph open. */
  async function ask<K extends DomainsQuestion>(
    type: K,
    question: DomainsTalk[K]['question'],
  ): Promise<DomainsTalk[K]['answer']> {
    if (opened !== worker.runs || opened === 0) {
      const { anew } = await worker.ask('open', {});
      opened = worker.runs;
      if (anew && !state.all) {
        state.all = true;
        write();
      }
    }
    return worker.ask(type, question);
  }

  /** A worker may end in the middle: what it had not written is given to the next one. */
  async function persist<T>(task: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await task();
      } catch (cause) {
        if (stopping() || attempt >= tries) throw cause;
        await sleep(retryMs, undefined, { ref: false });
      }
    }
  }

  /** The days on which sources began, where the worker was not told of them yet. */
  function newBeginnings(): { beginnings?: number[] } {
    const now = `${worker.runs} ${beginnings.changes}`;
    if (now === toldBeginnings) return {};
    toldBeginnings = now;
    return { beginnings: beginnings.days() };
  }

  /** Gives all to one worker, which writes it; then `done` with the number of the last. Where there is nothing, none is started. */
  const give = (batches: () => AsyncIterable<AnswerBatch>, done: (seq: number) => void) =>
    persist(async () => {
      let to = 0;
      const same = () => {
        if (stopping()) throw new Fault('unavailable', 'The system is stopping.');
        if (worker.runs !== to)
          throw new Fault('unavailable', 'The worker that was given answers has ended.');
      };
      let last = 0;
      for await (const { answers, rows, refused, seq } of batches()) {
        if (to === 0) {
          await ask('keep', {});
          to = opened;
        }
        same();
        taken(await worker.ask('take', { answers, ...newBeginnings() }));
        counters.answers += rows - refused;
        counters.refused += refused;
        last = seq;
      }
      if (to !== 0) {
        same();
        await worker.ask('keep', {});
      }
      done(last);
    });

  return {
    counters,
    ask,
    beginnings: () => beginnings.days(),
    persist,
    /** Imports that were not taken in to their end. */
    unread: () => [...unread],
    /** True where the graph is to be made from all that the lake holds. */
    get lost(): boolean {
      return state.all;
    },
    /** An import begins. */
    begin(run: string): void {
      unread.add(run);
      write();
    },
    run: (run: string) =>
      give(
        () => storedAnswers(lake, saw, run),
        () => {
          unread.delete(run);
          write();
        },
      ),
    live: (span: Span) =>
      give(
        () => liveAnswers(lake, { seq: state.seq, ...span }, saw),
        (last) => {
          if (last <= state.seq) return;
          state.seq = last;
          write();
        },
      ),
    async all(): Promise<void> {
      const last = await lastLive(lake);
      await give(
        () => storedAnswers(lake, saw),
        () => {
          state.all = false;
          state.seq = Math.max(state.seq, last);
          write();
        },
      );
    },
  };
}
