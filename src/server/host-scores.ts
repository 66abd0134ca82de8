import { setTimeout as sleep } from 'node:timers/promises';
import { hostOfEntry } from '../model/entry-host.ts';
import type { HostScore } from '../pipeline/domains/domains.ts';
import type { Pipeline } from '../pipeline.ts';

const limits = {
  /** Hosts of one page, and how long it waits for their scores in milliseconds: what is late is there when it is asked for again. */
  hosts: 100,
  waitMs: 2_000,
};

/** Where a host stands that somebody was told to fetch from, or that came. */
export interface HostStanding extends HostScore {
  host: string;
}

/** Where the hosts of these URLs, names and addresses stand, the worst first; those of which nothing is known are left out. */
export async function hostScores(
  { domains, log }: Pick<Pipeline, 'domains' | 'log'>,
  values: readonly { type: string; value: string }[],
): Promise<HostStanding[]> {
  const hosts = new Set(values.flatMap((one) => hostOfEntry(one) ?? []));
  if (hosts.size === 0) return [];
  const asked = domains.scoresOf([...hosts].slice(0, limits.hosts)).catch((cause: unknown) => {
    log.warn('scores of hosts could not be looked up', { cause });
    return new Map<string, HostScore>();
  });
  const late = sleep(limits.waitMs, new Map<string, HostScore>(), { ref: false });
  const found = await Promise.race([asked, late]);
  return [...found].map(([host, score]) => ({ host, ...score })).sort((a, b) => b.score - a.score);
}
