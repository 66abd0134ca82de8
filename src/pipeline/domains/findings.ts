import { setTimeout as sleep } from 'node:timers/promises';
import {
  domainType,
  type FindingLedger,
  isResolved,
  nameOfFinding,
  reopened,
  resolved,
  weighDomain,
  weighLeftOut,
} from '../../findings/index.ts';
import type { Log } from '../../kit/log.ts';
import { collect, type Lake } from '../../lake/index.ts';
import type { Finding } from '../../model/finding.ts';
import { ownedDomain } from '../../model/registered-domain.ts';
import type { Signal } from '../../model/signal.ts';
import type { Store } from '../../state/index.ts';
import { inTurn } from '../in-turn.ts';
import type { Live } from '../live.ts';
import type { Crossed, Domains } from './domains.ts';

export interface DomainFindingParts {
  domains: Pick<Domains, 'onCrossed' | 'show' | 'scoresOf'>;
  lake: Lake;
  store: Store;
  ledger: FindingLedger;
  live: Live;
  log: Log;
  now(): number;
  running: boolean;
}

const day = 86_400_000;
const limits = {
  /** Domains of one day that are told of one by one. */
  perDay: 50,
  /** How long those that cross are gathered, in milliseconds, and how many wait. */
  gatherMs: 200,
  waiting: 10_000,
  /** Answers that a finding names. */
  events: 16,
  /** Findings of the last days that are looked at again, how many days, and how often. */
  open: 500,
  openMs: 7 * day,
  againMs: 600_000,
};
/** A score below which a finding was a mistake, and the one from which on it stands again. */
const settled = { wrong: 60, again: 70 };

/** Tells people of names that come over a threshold, once a day for what is registered, and takes it back where it was wrong. Blocks nothing. */
export function watchDomains({ domains, lake, store, ledger, live, log, now, running }: DomainFindingParts) {
  const queue: Crossed[] = [];
  const counters = { told: 0, repeated: 0, leftOut: 0, resolved: 0 };
  /** What was told of on a day, and the highest score of each. */
  let today = { day: -1, told: new Map<string, number>(), leftOut: 0 };
  let scheduled = false;
  const turn = inTurn((cause) => {
    if (!turn.stopping) log.error('names that came over a threshold could not be told of', { cause });
  });

  async function dayOf(time: number): Promise<typeof today> {
    const number = Math.floor(time / day);
    if (number === today.day) return today;
    const found = await store.findings({ since: number * day, type: domainType, limit: limits.waiting });
    const told = new Map(found.map(({ subject }) => [subject.value, 0]));
    today = { day: number, told, leftOut: 0 };
    return today;
  }

  async function run(): Promise<void> {
    await sleep(limits.gatherMs, undefined, { ref: false });
    scheduled = false;
    // The worst first: they are told of where there is not room for all.
    const crossed = queue.splice(0).sort((a, b) => b.score - a.score);
    const signals: Signal[] = [];
    const findings = new Map<string, Finding>();
    const add = (weighed: ReturnType<typeof weighDomain>) => {
      const finding = ledger.add(weighed);
      signals.push(weighed.signal);
      if (finding) findings.set(finding.id, finding);
    };
    let last: Crossed | undefined;
    const at = await dayOf(now());
    for (const one of crossed) {
      const owned = ownedDomain(one.name) ?? one.name;
      const before = at.told.get(owned);
      if (before !== undefined && before >= one.score) counters.repeated++;
      else if (before === undefined && at.told.size >= limits.perDay) {
        counters.leftOut++;
        at.leftOut++;
        last = one;
      } else {
        at.told.set(owned, one.score);
        counters.told++;
        add(weighDomain(await crossing(one, owned)));
      }
    }
    if (last) add(weighLeftOut(at.leftOut, last.name, now()));
    await keep(signals, [...findings.values()]);
  }

  async function crossing(one: Crossed, owned: string) {
    const shown = await domains.show(one.name).catch(() => null);
    return {
      ...{ name: one.name, owned, score: one.score, class: one.class, listed: one.listed, time: now() },
      reasons: one.reasons.filter(({ points }) => points > 0).map(({ says }) => says),
      confidence: shown?.confidence ?? 0,
      path: shown?.paths[0]?.steps ?? [],
      family: shown?.family ?? null,
      asked: shown?.askers ?? null,
      because: await answersFor(lake, one.name, shown?.lastDay ?? one.day),
    };
  }

  async function keep(signals: Signal[], findings: Finding[]): Promise<void> {
    if (findings.length === 0) return;
    await store.write({ signals, findings });
    for (const finding of findings) live.tell({ type: 'finding', finding });
  }

  /** Looks again at what was told of lately. */
  async function check(): Promise<void> {
    const found = await store.findings({
      since: now() - limits.openMs,
      type: domainType,
      limit: limits.open,
    });
    const changed: Finding[] = [];
    for (let at = 0; at < found.length; at += 100) {
      const part = found.slice(at, at + 100);
      const scores = await domains.scoresOf(part.map(nameOfFinding));
      for (const finding of part) {
        const is = scores.get(nameOfFinding(finding));
        if (!is) continue;
        if (is.score < settled.wrong && !isResolved(finding))
          changed.push(resolved(finding, is.score, is.reason, now()));
        else if (is.score >= settled.again && isResolved(finding)) changed.push(reopened(finding));
      }
    }
    counters.resolved += changed.filter(isResolved).length;
    ledger.restore(changed);
    await keep([], changed);
  }

  const stop = domains.onCrossed((one) => {
    if (queue.length >= limits.waiting) {
      counters.leftOut++;
      return;
    }
    queue.push(one);
    if (scheduled) return;
    scheduled = true;
    void turn.run(run);
  });
  const timer = running ? setInterval(() => void turn.run(check), limits.againMs).unref() : undefined;

  return {
    counters,
    /** Looks again at what was told of lately; resolves once that is stored. */
    check: async (): Promise<void> => void (await turn.run(check)),
    /** Resolves once all that came is stored. */
    drain: (): Promise<void> => turn.done(),
    async close(): Promise<void> {
      stop();
      clearInterval(timer);
      await turn.done();
      turn.stop();
    },
  };
}

/** Ids of answers of a day that tell of a name. */
async function answersFor(lake: Lake, name: string, on: number): Promise<string[]> {
  const rows = await collect<{ id: string }>(
    lake.rows({
      // A name is written as it is in JSON, so that most rows are left out without being read as such.
      sql: `SELECT toString(id) AS id FROM events WHERE kind = 'answer'
          AND time >= fromUnixTimestamp64Milli({from:Int64}) AND time < fromUnixTimestamp64Milli({to:Int64})
          AND position(rest, {field:String}) > 0 AND JSONExtractString(rest, 'name') = {name:String}
        LIMIT {limit:UInt32}`,
      params: { name, field: `"name":"${name}"`, from: on * day, to: (on + 1) * day, limit: limits.events },
      timeout: 10_000,
    }),
  ).catch(() => []);
  return rows.map(({ id }) => id);
}
