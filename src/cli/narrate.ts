import { setTimeout as sleep } from 'node:timers/promises';
import { type AttackSummary, attack, type Service, scenarios } from '../../attack/index.ts';
import { printable } from '../kit/printable.ts';
import type { Decision } from '../model/decision.ts';
import { type Finding, severities } from '../model/finding.ts';
import type { Output } from './output.ts';
import type { Paint } from './paint.ts';
import type { Serving } from './serve.ts';

/** Silence after which a scenario is taken to have had its consequences, and how long that may take. */
const quietMs = 900;
const patienceMs = 8_000;

/** Machines of each scenario: few, so that one can follow each of them. */
const cast: Record<string, number> = { mirai: 3, 'web-scanner': 2, 'redis-takeover': 3, 'password-spray': 2 };

interface Verdict {
  decision: Decision;
  /** From the act that completed the proof to the decision being stored, audited and on its way to the enforcers. */
  ms: number;
}

export interface Outcome {
  denied: number;
  /** Attackers who got away, and harmless visitors who were denied: a demonstration where either is above zero has failed. */
  missed: number;
  wronged: number;
  medianMs: number;
}

/** Plays the scenarios against a system that runs, and tells what comes of each as it happens. */
export async function narrate(parts: {
  system: Serving;
  out: Output;
  paint: Paint;
  signal: AbortSignal;
}): Promise<Outcome> {
  const { system, out, paint, signal } = parts;
  const { live, sensor } = system.pipeline;
  const services = sensor?.status.services ?? [];
  // Of several ports the first.
  const ports = Object.fromEntries(
    services.map(({ emulator, port }) => [emulator, port]).reverse(),
  ) as Partial<Record<Service, number>>;
  const verdicts = new Map<string, Verdict>();
  const findings = new Map<string, Finding>();
  const times: number[] = [];
  let heard = performance.now();

  const unwatch = live.watch((_, message) => {
    heard = performance.now();
    if (message.type === 'finding') note(message.finding);
    if (message.type !== 'decision' || message.ended !== undefined) return;
    const { decision } = message;
    const { source } = decision.scope;
    const ms = Math.max(0, Date.now() - decision.time);
    const before = verdicts.has(source);
    verdicts.set(source, { decision, ms });
    times.push(ms);
    tell(source, decision, ms, before);
  });

  function tell(source: string, decision: Decision, ms: number, before: boolean): void {
    const { scope, evidence, policy } = decision;
    const where = scope.ports.length === 0 ? 'all ports' : `${scope.transport} ${scope.ports.join(',')}`;
    const word = before ? 'widened' : 'denied';
    out.item(
      { type: word, source, evidence, policy, ports: scope.ports, ms, decision: decision.id },
      () =>
        `    ${paint.red(word.padEnd(7))}  ${source.padEnd(15)}  ${evidence}  ${policy.padEnd(12)}  ${`${ms} ms`.padStart(7)}  ${paint.faint(where)}`,
    );
  }

  /** Of the findings about one source, the gravest says best why. */
  function note(finding: Finding): void {
    const source = finding.subject.value;
    const known = findings.get(source);
    if (!known || severities.indexOf(finding.severity) > severities.indexOf(known.severity))
      findings.set(source, finding);
  }

  async function settled(): Promise<void> {
    const until = performance.now() + patienceMs;
    heard = performance.now();
    while (!signal.aborted && performance.now() < until && performance.now() - heard < quietMs)
      await sleep(50);
  }

  const outcome: Outcome = { denied: 0, missed: 0, wronged: 0, medianMs: 0 };

  function judge({ scenario, sources, roles }: AttackSummary): void {
    const denied = sources.filter((source) => verdicts.has(source));
    if (scenario !== 'benign') {
      outcome.denied += denied.length;
      outcome.missed += sources.length - denied.length;
      for (const source of sources.filter((one) => !verdicts.has(one)))
        out.item(
          { type: 'missed', source },
          () => `    ${paint.yellow('missed')}   ${source.padEnd(15)}  ${whyNot(findings.get(source))}`,
        );
      return;
    }
    outcome.wronged += denied.length;
    for (const source of sources.filter((one) => !verdicts.has(one))) {
      const reason = whyNot(findings.get(source));
      out.item(
        { type: 'spared', source, role: roles[source], reason },
        () =>
          `    ${paint.green('spared')}   ${source.padEnd(15)}  ${(roles[source] ?? '').padEnd(24)}  ${paint.faint(reason)}`,
      );
    }
  }

  try {
    for (const { name, summary, needs } of scenarios.filter((one) => one.name !== 'all')) {
      if (!needs.every((service) => ports[service] !== undefined)) continue;
      if (signal.aborted) break;
      out.item({ type: 'scenario', name, summary }, () => ['', `  ${paint.strong(name)}  ${summary}`]);
      const done = await attack(name, {
        target: services[0]?.host ?? '127.0.0.1',
        ports,
        ...(cast[name] !== undefined && { sources: cast[name] }),
        say(text) {
          if (!signal.aborted)
            out.item({ type: 'act', text }, () => `    ${paint.faint(`· ${printable(text, 200)}`)}`);
        },
        signal,
      });
      await settled();
      if (!signal.aborted) judge(done);
    }
  } finally {
    unwatch?.();
  }
  times.sort((a, b) => a - b);
  outcome.medianMs = times[Math.floor(times.length / 2)] ?? 0;
  return outcome;
}

function whyNot(finding: Finding | undefined): string {
  if (!finding) return 'It did nothing that only attackers do.';
  return printable(finding.whyNot || finding.done, 200);
}
