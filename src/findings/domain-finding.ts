import { createHash } from 'node:crypto';
import { uuidv8 } from '../kit/uuid.ts';
import type { Finding } from '../model/finding.ts';
import type { Signal } from '../model/signal.ts';
import type { Weighed } from './finding.ts';

/** What findings about the scores of names are called, and the one about those that were too many. */
export const domainType = 'domain-score';
const leftOutType = 'domains-left-out';
/** Reasons that are told, and characters of each. */
const told = { reasons: 3, text: 160 };
const reason =
  'A score is hearsay (E0): it blocks nothing by itself. Lists for resolvers are made by: domains export.';

/** A name that came over a threshold. */
export interface DomainCrossing {
  name: string;
  /** What is registered, or let by a hoster: what the finding is about. */
  owned: string;
  score: number;
  class: string;
  confidence: number;
  reasons: readonly string[];
  /** How what is known leads to it: from what to what. */
  path: readonly string[];
  family: string | null;
  /** How many asked for it: of fewer than `least` it is only told that they are few. Null where nobody told. */
  asked: { clients: number; least: number; fewer: boolean } | null;
  /** True where a list has it already. */
  listed: boolean;
  time: number;
  /** Ids of answers that tell of it. */
  because: readonly string[];
}

/** What a person should read of a name that is suspicious: never a reason to block by itself. */
export function weighDomain(one: DomainCrossing): Weighed {
  const { name, owned, score, confidence, time } = one;
  const id = idOf(domainType, name, one.class, time);
  const came = `${name} came to ${score.toFixed(1)} of 100 (${one.class})`;
  const of = one.family === null ? '' : `, as ${one.family}`;
  const says = `${came}${of}, and is on ${one.listed ? 'a list' : 'no list'}`;
  const reasons = one.reasons.slice(0, told.reasons).map((text) => text.slice(0, told.text));
  const signal: Signal = {
    ...{ id, time, detector: domainType, subject: { type: 'domain', value: owned } },
    ...{ confidence, evidence: 'E0', attack: [], targets: [], says },
    because: one.because.length > 0 ? one.because.slice(0, 64) : [id],
  };
  return {
    signal,
    verdict: {
      ...{ route: 'tip', reason, severity: one.class === 'Malicious' ? 'medium' : 'low', title: says },
      seen: [
        `${says}.`,
        reasons.length > 0 ? `Why: ${reasons.join('; ')}.` : '',
        one.path.length > 1 ? `It is reached by ${one.path.join(' → ').slice(0, 2 * told.text)}.` : '',
        `${askedText(one.asked)}.`,
      ]
        .filter((part) => part !== '')
        .join(' '),
    },
  };
}

/** How many names of a day were too many to be told of one by one, the latest first. */
export function weighLeftOut(count: number, name: string, time: number): Weighed {
  const id = idOf(leftOutType, name, '', time);
  return {
    signal: {
      ...{ id, time, detector: leftOutType, subject: { type: 'domain', value: 'other domains' } },
      ...{ confidence: 0.5, evidence: 'E0', attack: [], targets: [], because: [id] },
      says: `${count} more came over a threshold on this day than are told of one by one`,
    },
    verdict: {
      ...{ route: 'tip', reason, severity: 'low' },
      title: `${count} more domains came over a threshold on this day than are told of one by one`,
      seen: `The last of them is ${name}. The list of domains has them all.`,
    },
  };
}

/** The name that a finding of a score is about: the first word of what was seen. */
export const nameOfFinding = ({ seen }: Pick<Finding, 'seen'>): string => seen.split(' ', 1)[0]!;

const resolvedWord = 'Resolved';
export const isResolved = ({ done }: Pick<Finding, 'done'>): boolean => done.startsWith(resolvedWord);

/** The finding after its name has fallen below what a person should look at. */
export function resolved(finding: Finding, score: number, because: string, time: number): Finding {
  const day = new Date(time).toISOString().slice(0, 10);
  const done = `${resolvedWord} on ${day}: it fell to ${score.toFixed(1)} of 100, for ${because}. Nothing was blocked.`;
  return { ...finding, severity: 'low', done: cut(done, 2_048) };
}

/** The same after it has risen again. */
export function reopened(finding: Finding): Finding {
  return { ...finding, done: 'Nothing was blocked.' };
}

function askedText(asked: DomainCrossing['asked']): string {
  if (asked && asked.clients > 0) return `${asked.clients} clients asked for it`;
  return asked?.fewer ? `Fewer than ${asked.least} clients asked for it` : 'Who asked for it is not known';
}

function idOf(type: string, name: string, kind: string, time: number): string {
  return uuidv8(
    time,
    createHash('sha256')
      .update(JSON.stringify([type, name, kind]))
      .digest(),
  );
}

function cut(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
}
