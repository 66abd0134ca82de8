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
  /** Told once the stores hold it: what stands has changed. */
  changed(decisions: Decision[], ended: Decision[]): void;
}

const batchSize = 1_000;

/**
 * The order that keeps a crash harmless: decide in memory, store, audit, and only then enforce. Serial: one batch at a time,
 * each as large as what came while the last was written.
 */
export function createVerdicts(parts: VerdictParts) {
  const { decider, ledger, store, audit, live, log } = parts;
  const queue: Signal[] = [];
  let running: Promise<void> | null = null;

  async function run(): Promise<void> {
    while (queue.length > 0) {
      const signals = queue.splice(0, batchSize);
      try {
        await decide(signals);
      } catch (cause) {
        // Not lost: the events are in the journal, and a restart shows them to the detectors again.
        log.error('a batch of signals could not be decided', { signals: signals.length, cause });
        live.tell({
          type: 'alarm',
          text: 'A batch of signals could not be decided or stored.',
          time: parts.now(),
        });
      }
    }
    running = null;
  }

  async function decide(signals: Signal[]): Promise<void> {
    const now = parts.now();
    const outcomes: Outcome[] = [];
    const findings: Finding[] = [];
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
      if (finding) findings.push(finding);
    }
    await carryOut(outcomes, { signals, findings });
  }

  async function carryOut(outcomes: Outcome[], more: Partial<Batch> = {}): Promise<void> {
    const decisions: Decision[] = outcomes.flatMap(({ decision }) => (decision ? [decision] : []));
    const ended = outcomes.flatMap((outcome) => outcome.ended);
    const entries: AuditEntry[] = outcomes.flatMap((outcome) => outcome.audit);
    await store.write({ ...more, decisions, ended });
    audit.append(entries);
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
      queue.push(...signals);
      running ??= run();
    },
    get waiting(): number {
      return queue.length;
    },
    /** Stores, audits and enforces what a tick or a person's word led to. */
    async act(outcome: Outcome): Promise<void> {
      await running;
      await carryOut([outcome]);
    },
    async drain(): Promise<void> {
      while (running) await running;
    },
  };
}

export type Verdicts = ReturnType<typeof createVerdicts>;
