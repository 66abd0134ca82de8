import { z } from 'zod';
import type { EventOf } from '../../model/event.ts';
import { type Claim, defineDetector, type Ref } from '../detector.ts';
import { Episode, type Limits } from '../episode.ts';
import { hash } from '../hash.ts';
import { Recent } from '../recent.ts';

/** Services of one source that are counted at a time; the one that was longest quiet leaves first. */
const serviceLimit = 8;

interface Service {
  sensor: string;
  port: number;
  protocol: string;
  /** Failures, and at a decoy every try. */
  tries: Episode;
  firstUser: number;
  users: 'one' | 'many';
  last: number;
  guessedAt: number;
}

/** One address guesses passwords at one service, and a guess that is right. Time is the event's own. */
export const bruteforce = defineDetector({
  name: 'bruteforce',
  summary: 'One address guesses passwords at one service',
  on: ['login'],
  options: z.strictObject({
    /** Failed logins at a real service; a person who mistypes a password is far below. */
    failures: z.int().min(2).max(1_000).default(8),
    /** Tries at a decoy, where nobody has a password. */
    decoyTries: z.int().min(2).max(1_000).default(4),
    leakMs: z.int().positive().default(60_000),
    againMs: z.int().positive().default(600_000),
    growth: z.int().min(2).default(8),
    sources: z.int().positive().default(100_000),
  }),

  start({ failures, decoyTries, leakMs, againMs, growth, sources: limit }) {
    // A full bucket has run empty after that, and what was told may be told again.
    const keepMs = Math.max(againMs, 2 * Math.max(failures, decoyTries) * leakMs);
    const sources = new Recent<Service[]>(limit, keepMs);
    const host: Limits = { capacity: failures, leakMs, againMs, growth };
    const decoy: Limits = { ...host, capacity: decoyTries };

    function serviceOf(event: EventOf<'login'>): Service {
      let services = sources.get(event.src.ip, event.time);
      if (services === undefined) {
        services = [];
        sources.set(event.src.ip, services);
      }
      for (const service of services)
        if (
          service.port === event.dst.port &&
          service.sensor === event.sensor &&
          service.protocol === event.protocol
        )
          return service;
      const fresh: Service = {
        sensor: event.sensor,
        port: event.dst.port,
        protocol: event.protocol,
        tries: new Episode(event.time),
        firstUser: hash(event.user),
        users: 'one',
        last: event.time,
        guessedAt: Number.NEGATIVE_INFINITY,
      };
      if (services.length < serviceLimit) services.push(fresh);
      else services[quietest(services)] = fresh;
      return fresh;
    }

    /** Whether this is the first right guess for a while. */
    function first(service: Service, time: number): boolean {
      if (time - service.guessedAt < againMs) return false;
      service.guessedAt = time;
      return true;
    }

    return (event, ref) => {
      // A login that was good and that nobody guessed at is no try; most logins at real services are such.
      if (event.ok && !event.decoy && !sources.has(event.src.ip)) return;
      const service = serviceOf(event);
      const limits = event.decoy ? decoy : host;
      const { tries } = service;
      service.last = Math.max(service.last, event.time);
      if (service.users === 'one' && hash(event.user) !== service.firstUser) service.users = 'many';

      if (event.ok && !event.decoy) {
        if (!tries.holds(limits.capacity - 1, event.time, limits) || !first(service, event.time)) return;
        return claim(
          event,
          [...tries.because(limits.capacity), ref()],
          0.95,
          ['T1110.001', 'T1078'],
          `guessed a password of ${event.protocol} after ${tries.total} failures`,
        );
      }
      const guessed = event.ok && tries.holds(2, event.time, limits) && first(service, event.time);
      const because =
        tries.add(event.time, ref(), limits) ?? (guessed ? tries.because(limits.capacity) : undefined);
      if (because === undefined) return;
      const seconds = Math.round((event.time - tries.since) / 1_000);
      const says = `${tries.total} login tries at ${event.protocol} in ${seconds} s${event.ok ? ', the last let in' : ''}`;
      // One name alone may be a forgotten job with an old password; a decoy has no such jobs.
      const confidence = event.decoy ? 0.9 : service.users === 'many' ? 0.8 : 0.5;
      return claim(event, because, confidence, ['T1110.001'], says);
    };
  },
});

function quietest(services: Service[]): number {
  let at = 0;
  for (let i = 1; i < services.length; i++) if (services[i]!.last < services[at]!.last) at = i;
  return at;
}

function claim(
  event: EventOf<'login'>,
  because: Ref[],
  confidence: number,
  attack: string[],
  says: string,
): Claim {
  return { subject: { type: 'ip', value: event.src.ip }, confidence, attack, says, because };
}
