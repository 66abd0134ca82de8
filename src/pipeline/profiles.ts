import { setTimeout as sleep } from 'node:timers/promises';
import { type FindingLedger, weighActor, weighSession } from '../findings/index.ts';
import type { Log } from '../kit/log.ts';
import type { Lake } from '../lake/index.ts';
import type { Actor } from '../model/actor.ts';
import type { Finding } from '../model/finding.ts';
import type { SessionRecord } from '../model/session.ts';
import type { SessionStore } from '../state/index.ts';
import { inTurn } from './in-turn.ts';
import type { Live } from './live.ts';
import { liveEvents, type Numbered, runEvents } from './session-events.ts';
import type { FromSessions, SessionSetup } from './session-messages.ts';
import { type SessionWorker, startSessionWorker } from './session-worker-end.ts';

export interface ProfileParts {
  setup: SessionSetup;
  lake: Lake;
  sessions: SessionStore;
  ledger: FindingLedger;
  live: Live;
  log: Log;
  now(): number;
}

const limits = {
  /** Events that the worker is given at once. */
  batch: 2_000,
  /** Stored sessions that a start remembers. */
  remembered: 20_000,
  /** How long what was stored live is gathered before it is looked at, in milliseconds. */
  gatherMs: 300,
  /** How often it is looked for live sessions that have fallen silent, and how late their events may still come. */
  quietMs: 30_000,
  lateMs: 300_000,
  /** How far back in event time a start looks for what was not looked at. */
  catchUpMs: 14 * 86_400_000,
};
const retryMs = [200, 1_000, 5_000, 15_000];

/**
 * Says of whole sessions what they are, behind the lake: it reads what is stored there, in its order, and keeps with each batch of
 * verdicts how far it came. So it costs the intake nothing, may lag, and goes on after a crash where it was, without doubles.
 */
export function createProfiles(parts: ProfileParts) {
  const { lake, sessions: store, ledger, live, log } = parts;
  let worker: Promise<SessionWorker> | null = null;
  let failing = false;
  const counters = { sessions: 0, labelled: 0, events: 0 };
  let seq = 0;
  /** Event times of what the lake took since it was read last. */
  let unread: { from: number; to: number } | null = null;
  let scheduled = false;
  let timer: NodeJS.Timeout | undefined;

  async function open(): Promise<SessionWorker> {
    const started = startSessionWorker(parts.setup);
    started.restore(await store.remembered(limits.remembered));
    return started;
  }
  const workerOf = () => (worker ??= open());

  // What fails is looked at again with the next events or the next start.
  const turn = inTurn((cause) => {
    if (!turn.stopping) log.error('sessions could not be looked at', { cause });
  });

  async function keep(
    answer: FromSessions,
    run: { name: string; state: { seq: number; done: boolean } },
  ): Promise<void> {
    counters.labelled += answer.sessions.filter(({ labels }) => labels.length > 0).length;
    counters.sessions += answer.sessions.length;
    for (let attempt = 0; !turn.stopping; attempt++) {
      try {
        let findings: Finding[] = [];
        await store.write({
          ...answer,
          run,
          findings: (fresh, joined) => {
            findings = findingsOf(fresh, joined);
            return findings;
          },
        });
        failing = false;
        for (const finding of findings) live.tell({ type: 'finding', finding });
        return;
      } catch (cause) {
        if (attempt === 0) log.error('sessions could not be stored; it is tried again', { cause });
        failing = true;
        await sleep(retryMs[Math.min(attempt, retryMs.length - 1)], undefined, { ref: false });
      }
    }
  }

  function findingsOf(fresh: readonly SessionRecord[], joined: readonly Actor[]): Finding[] {
    const weighed = fresh.flatMap(weighSession);
    for (const actor of joined) {
      const session = fresh.find((one) => one.actor === actor.id) ?? fresh.at(-1);
      if (session) weighed.push(weighActor(actor, session));
    }
    const findings = new Map<string, Finding>();
    for (const one of weighed) {
      const finding = ledger.add(one);
      if (finding) findings.set(finding.id, finding);
    }
    return [...findings.values()];
  }

  async function follow(): Promise<void> {
    if (unread === null || turn.stopping) return;
    const { ask } = await workerOf();
    while (unread !== null && !turn.stopping) {
      const span: { from: number; to: number } = unread;
      const events: Numbered[] = [];
      for await (const one of liveEvents(lake, { seq, ...span, limit: limits.batch })) events.push(one);
      // What came since it was asked is in the next answer.
      if (events.length < limits.batch && unread === span) unread = null;
      if (events.length === 0) continue;
      const answer = await ask({ type: 'events', run: 'live', events });
      seq = events.at(-1)!.seq;
      counters.events += events.length;
      await keep(answer, { name: 'live', state: { seq: (answer.oldest ?? seq + 1) - 1, done: false } });
    }
  }

  function schedule(): void {
    if (scheduled || turn.stopping) return;
    scheduled = true;
    void turn.run(async () => {
      await sleep(limits.gatherMs, undefined, { ref: false });
      scheduled = false;
      await follow();
    });
  }

  async function label(run: string): Promise<void> {
    const { ask } = await workerOf();
    let batch: Numbered[] = [];
    const give = async () => {
      const events = batch;
      batch = [];
      counters.events += events.length;
      await keep(await ask({ type: 'events', run, events }), { name: run, state: { seq: 0, done: false } });
    };
    for await (const one of runEvents(lake, run)) {
      batch.push(one);
      if (batch.length >= limits.batch) await give();
      if (turn.stopping) return;
    }
    if (batch.length > 0) await give();
    await keep(await ask({ type: 'end', run }), { name: run, state: { seq: 0, done: true } });
    if (!turn.stopping) await store.forgetRun(run);
  }

  return {
    /** Goes on where the last start ended: with what came live, and with imports that were not looked at to their end. */
    async start(): Promise<void> {
      const runs = await store.runs();
      seq = runs.get('live')?.seq ?? 0;
      unread = { from: Math.max(0, parts.now() - limits.catchUpMs), to: parts.now() + limits.lateMs };
      for (const [run, { done }] of runs) if (run !== 'live' && !done) void turn.run(() => label(run));
      schedule();
      timer = setInterval(() => {
        if (worker === null) return;
        void turn.run(async () => {
          const now = parts.now() - limits.lateMs;
          const answer = await (await workerOf()).ask({ type: 'quiet', run: 'live', now });
          if (answer.sessions.length > 0)
            await keep(answer, {
              name: 'live',
              state: { seq: (answer.oldest ?? seq + 1) - 1, done: false },
            });
        });
      }, limits.quietMs).unref();
    },
    /** The lake has taken live events of these times, in milliseconds since the epoch. */
    loaded({ from, to }: { from: number; to: number }): void {
      unread = { from: Math.min(from, unread?.from ?? from), to: Math.max(to, unread?.to ?? to) };
      schedule();
    },
    /** An import begins: whatever happens to it, what it stored will be looked at. */
    begin: (run: string) => store.write({ ...nothing, run: { name: run, state: { seq: 0, done: false } } }),
    /** An import is stored: resolves once its sessions are, too. */
    async label(run: string): Promise<{ sessions: number; labelled: number }> {
      const before = { ...counters };
      await turn.run(() => label(run));
      return {
        sessions: counters.sessions - before.sessions,
        labelled: counters.labelled - before.labelled,
      };
    },
    /** Since the start; `behind` where there is more to look at. */
    get counters() {
      return { ...counters, behind: scheduled || unread !== null, failing };
    },
    /** Resolves once all that was stored is looked at. */
    drain: () => turn.done(),
    async stop(): Promise<void> {
      turn.stop();
      clearInterval(timer);
      const end = async () => (await worker?.catch(() => null))?.stop();
      // What waits for an answer must not wait for ever; and what was about to ask may have started a worker meanwhile.
      await end();
      await turn.done();
      await end();
    },
  };
}

export type Profiles = ReturnType<typeof createProfiles>;

const nothing = { sessions: [], merges: [], actors: [], findings: () => [] };
