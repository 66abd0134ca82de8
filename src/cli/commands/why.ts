import { Fault } from '../../kit/fault.ts';
import { printable } from '../../kit/printable.ts';
import type { Actor } from '../../model/actor.ts';
import type { SessionRecord } from '../../model/session.ts';
import type { Standing } from '../../reputation/rank/standing.ts';
import type { HostStanding } from '../../server/host-scores.ts';
import { defineCommand } from '../command.ts';
import { hostWords } from '../host-words.ts';
import { at } from '../output.ts';

interface EventShown {
  id: string;
  missing?: string;
  time: number;
  kind: string;
  sensor: string;
  protocol: string;
  handshake: string;
  src: { ip: string; port: number };
  dst: { ip: string; port: number };
  run: string;
  raw?: string;
}

interface Answer {
  what: string;
  kind: string;
  decision?: { id: string; time: number; reason: string; evidence: string; mode: string; until: number };
  ended?: { how: string } | null;
  decisions?: { decision: { id: string; reason: string; time: number } }[];
  findings?: { id: string; title: string; done: string; whyNot: string }[];
  finding?: { id: string; title: string; seen: string; done: string; whyNot: string };
  receipts?: { enforcer: string; state: string; time: number; reason: string }[];
  signals?: {
    id: string;
    detector: string;
    says: string;
    evidence: string;
    confidence: number;
    attack: string[];
    events: EventShown[];
  }[];
  events?: EventShown[];
  actor?: Actor;
  visits?: SessionRecord[];
  /** Where the address, and hosts that it told decoys to fetch from, stand by what resolvers answered. */
  hosts?: HostStanding[];
  standing?: Standing;
}

/** Characters of a raw line that are shown. */
const rawLimit = 400;

export const why = defineCommand({
  name: 'why',
  usage: 'ADDRESS|NAME|DECISION|FINDING|SIGNAL|SESSION|ACTOR|EVENT',
  summary: 'The evidence under a thing, down to the raw bytes.',
  async run({ args, client, out }) {
    const [what] = args;
    if (!what) throw new Fault('usage', 'Why what? Name an address, a domain or an id.');
    const api = await client();
    const answer = await api.ask<Answer>('GET', `/api/v1/why/${encodeURIComponent(what)}`);
    out.item(answer, () => lines(answer));
    return 0;
  },
});

function lines(answer: Answer): string[] {
  const text = (value: string | undefined) => printable(value ?? '', 1_000);
  return [
    `${answer.kind} ${text(answer.what)}`,
    ...(answer.decision
      ? [
          `  decided ${at(answer.decision.time)}: ${text(answer.decision.reason)}${answer.ended ? ` Ended: ${answer.ended.how}.` : ''}`,
        ]
      : []),
    ...(answer.receipts ?? []).map(
      ({ enforcer, state, time, reason }) => `  ${enforcer} ${state} ${at(time)} ${text(reason)}`,
    ),
    ...(answer.finding
      ? [
          `  ${text(answer.finding.title)}`,
          `  ${text(answer.finding.done)}`,
          ...(answer.finding.whyNot ? [`  ${text(answer.finding.whyNot)}`] : []),
        ]
      : []),
    ...(answer.decisions ?? []).map(({ decision }) => `  decision ${decision.id}: ${text(decision.reason)}`),
    ...(answer.findings ?? []).map(({ id, title, done }) => `  finding ${id}: ${text(title)} ${text(done)}`),
    ...(answer.standing ? standingLines(answer.standing) : []),
    ...(answer.hosts ?? []).map(
      ({ host, score, class: kind, reason, company }) =>
        `  ${printable(host, 253)} scores ${score.toFixed(1)} of 100 (${kind}): ${text(reason)}${company === undefined ? '' : `; ${text(company)}`}`,
    ),
    ...(answer.actor
      ? answer.actor.joins.map(({ by, value, a, b }) => `  ${a} and ${b} share: ${by} ${text(value)}`)
      : []),
    ...(answer.visits ?? []).flatMap(sessionLines),
    ...(answer.signals ?? []).flatMap((signal) => [
      `  └ signal ${signal.id}: ${signal.detector} (${signal.evidence}, confidence ${signal.confidence}, ${signal.attack.join(' ')})`,
      `      ${text(signal.says)}`,
      ...signal.events.flatMap(eventLines),
    ]),
    ...(answer.events ?? []).flatMap(eventLines),
  ];
}

/** Where a name stands, and the reasons, which sum to its score. */
function standingLines({ score, class: kind, base, reasons, paths, family, host }: Standing): string[] {
  const points = (value: number) => `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(1)}`.padStart(7);
  return [
    `  scores ${score.toFixed(1)} of 100 (${kind})${family === null ? '' : `, ${printable(family, 128)}`}${host ? `, on ${hostWords[host.kind]} ${printable(host.who, 256)}` : ''}`,
    `    ${points(base)}  of every name, before anything is known of it`,
    ...reasons.map(({ says, points: some }) => `    ${points(some)}  ${printable(says, 1_000)}`),
    ...paths.map(
      ({ steps, says }) =>
        `    ${steps.map((step) => printable(step, 253)).join(' → ')} (${printable(says, 256)})`,
    ),
  ];
}

function sessionLines(session: SessionRecord): string[] {
  const { id, start, src, sensor, protocol, labels, tool, kind, kindReasons, scope, actor } = session;
  const what = [
    labels.join(' ') || 'no label',
    tool ?? '',
    scope === 'unclassified' ? '' : scope,
    actor ?? '',
  ];
  return [
    `  └ session ${id} ${at(start)} ${protocol} ${src} at ${printable(sensor)}: ${what.filter((one) => one !== '').join(', ')}`,
    `      ${kind}: ${printable(kindReasons.join(' '), 1_000)}`,
    ...session.behaviours.map(
      ({ name, label, confidence, seen, of }) =>
        `      ${label} ${name} (confidence ${confidence}, ${seen} of ${of} steps)`,
    ),
    ...session.indicators.map(
      ({ type, value, says }) => `      ${type} ${printable(value, rawLimit)} (${printable(says)})`,
    ),
  ];
}

function eventLines(event: EventShown): string[] {
  if (event.missing) return [`      └ event ${event.id}: ${event.missing}`];
  return [
    `      └ event ${event.id} ${at(event.time)} ${event.kind} ${event.protocol} ${event.src.ip}:${event.src.port} → ${event.dst.ip}:${event.dst.port} at ${printable(event.sensor)} (${event.handshake})`,
    ...(event.raw ? [`          ${printable(event.raw, rawLimit)}`] : []),
  ];
}
