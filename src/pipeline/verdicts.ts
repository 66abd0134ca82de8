import { setTimeout as sleep } from 'node:timers/promises';
import type { Audit, AuditEntry, Decider, Outcome } from '../decision/index.ts';
import type { FindingLedger } from '../findings/index.ts';
import type { Log } from '../kit/log.ts';
import type { Decision } from '../model/decision.ts';
import type { Finding } from '../model/finding.ts';
import type { Signal } from '../model/signal.ts';
import type { Batch, Store } from '../state/index.ts';
import type { Live } from './live.ts';

export interface VerdictParts {
  decider: Decider;
  ledger: FindingLedger;
  store: Store;
  audit: Audit;
  live: Live;
  log: Log;
  now(): number;
  /** True for a replay of old logs: its signals are marked, and never count against a source live. It is given time. */
  replay?: boolean;
  /** Told once the stores hold it: what stands has changed. */
  changed(decisions: Decision[], ended: Decision[]): void;
}

/**
 * How many signals are decided at once, how long a batch is waited for, and how many rows a transaction takes. Live, each signal
 * is decided as it comes. In a replay most findings and decisions of a batch supersede each other, so that a large one writes
 * less; its rows go in small transactions, so that what is live need not wait for them.
 */
const paces = {
  live: { batch: 5_000, gatherMs: 0, rows: Number.POSITIVE_INFINITY },
  replay: { batch: 20_000, gatherMs: 5_000, rows: 1_000 },
};
/** Decisions that a replay remembers as standing before it lets go of those that were over a day ago, in its own time. */
const replayLimit = 100_000;
const day = 86_400_000;
const retryMs = [200, 1_000, 5_000];
/** Signals that wait; more are left to the next start, which shows the detectors the last hour again. */
const queueLimit = 500_000;

/**
 * The order that keeps a crash harmless: decide in memory, store, audit, and only then enforce. Serial: one batch at a time,
 * each as large as what came while the last was written.
 */
export function createVerdicts(parts: VerdictParts) {
  const { decider, ledger, store, audit, live, log, replay = false } = parts;
  const pace = replay ? paces.replay : paces.live;
  const queue: Signal[] = [];
  let running: Promise<void> | null = null;
  let failing = false;
  let draining = false;
  let overflow = 0;

  async function run(): Promise<void> {
    while (queue.length > 0) {
      for (let waited = 0; waited < pace.gatherMs && queue.length < pace.batch && !draining; waited += 50) {
        await sleep(50, undefined, { ref: false });
      }
      await decide(queue.splice(0, pace.batch));
    }
    running = null;
  }

  /** Until the stores take it: what is decided but not stored is not enforced, and must not be forgotten either. */
  async function persist(outcomes: Outcome[], more: Partial<Batch>): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await carryOut(outcomes, more);
      } catch (cause) {
        if (attempt === 0) {
          log.error('a batch of decisions could not be stored; it is tried again', { cause });
          live.tell({
            type: 'alarm',
            text: 'Decisions cannot be stored, and are not enforced.',
            time: parts.now(),
          });
        }
        failing = true;
        if (draining) return;
        await sleep(retryMs[Math.min(attempt, retryMs.length - 1)], undefined, { ref: false });
      }
    }
  }

  async function decide(signals: Signal[]): Promise<void> {
    const now = parts.now();
    const outcomes: Outcome[] = [];
    // A finding that comes again in one batch is written once, as it is at the end.
    const findings = new Map<string, Finding>();
    for (const signal of signals) {
      const outcome = decider.onSignal(signal, now);
      if (outcome.repeated) continue;
      outcomes.push(outcome);
      const { verdict, decision, standing } = outcome;
      const finding = ledger.add({
        signal,
        verdict,
        ...(decision && { decision }),
        ...(standing && { standing }),
      });
      if (finding) findings.set(finding.id, finding);
    }
    // A replay has no clock: what is long over is let go where it would be too much to remember.
    if (replay && decider.size > replayLimit) outcomes.push(decider.tick(signals.at(-1)!.time - day));
    await persist(outcomes, { signals, findings: [...findings.values()] });
  }

  async function carryOut(outcomes: Outcome[], more: Partial<Batch> = {}): Promise<void> {
    const decisions: Decision[] = outcomes.flatMap(({ decision }) => (decision ? [decision] : []));
    const ended = outcomes.flatMap((outcome) => outcome.ended);
    const entries: AuditEntry[] = outcomes.flatMap((outcome) => outcome.audit);
    for (const part of inParts({ ...more, decisions, ended }, pace.rows))
      await store.write({ ...part, replay });
    audit.append(entries);
    failing = false;
    if (decisions.length > 0 || ended.length > 0)
      parts.changed(
        decisions,
        ended.map((one) => one.decision),
      );
    for (const decision of decisions) live.tell({ type: 'decision', decision });
    for (const { decision, how } of ended) live.tell({ type: 'decision', decision, ended: how });
    for (const finding of more.findings ?? []) live.tell({ type: 'finding', finding });
    for (const text of outcomes.flatMap((outcome) => outcome.alarms)) {
      log.error('an alarm of the decision stage', { alarm: text });
      live.tell({ type: 'alarm', text, time: parts.now() });
    }
  }

  return {
    add(signals: Signal[]): void {
      if (queue.length + signals.length > queueLimit) {
        if (overflow === 0)
          log.error('signals come faster than they can be stored; some wait for the next start');
        overflow += signals.length;
        return;
      }
      for (const signal of signals) queue.push(signal);
      running ??= run();
    },
    get waiting(): number {
      return queue.length;
    },
    /** True while the stores refuse what is decided. */
    get failing(): boolean {
      return failing;
    },
    /** Signals that were left out since the start, for too many were waiting. */
    get overflow(): number {
      return overflow;
    },
    /** Stores, audits and enforces what a tick or a person's word led to. */
    async act(outcome: Outcome): Promise<void> {
      await running;
      await carryOut([outcome]);
    },
    /** Resolves once all is stored, or the stores have refused it once more. */
    async drain(): Promise<void> {
      draining = true;
      while (running) await running;
      draining = false;
    },
  };
}

/** A batch in parts of so many rows, each noun before those that rest on it. */
function* inParts(batch: Partial<Batch>, rows: number): Generator<Partial<Batch>> {
  if (rows === Number.POSITIVE_INFINITY) {
    yield batch;
    return;
  }
  const over = new Map((batch.ended ?? []).map((one) => [one.decision.id, one]));
  for (const signals of slices(batch.signals)) yield { signals };
  for (const decisions of slices(batch.decisions)) {
    const ended = decisions.flatMap(({ id }) => over.get(id) ?? []);
    for (const { decision } of ended) over.delete(decision.id);
    yield { decisions, ended };
  }
  for (const ended of slices([...over.values()])) yield { ended };
  for (const findings of slices(batch.findings)) yield { findings };

  function* slices<T>(all: T[] = []): Generator<T[]> {
    for (let at = 0; at < all.length; at += rows) yield all.slice(at, at + rows);
  }
}

export type Verdicts = ReturnType<typeof createVerdicts>;
