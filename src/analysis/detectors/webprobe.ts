import { z } from 'zod';
import type { EventOf } from '../../model/event.ts';
import { defineDetector } from '../detector.ts';
import { Distinct, type DistinctLimits } from '../distinct.ts';
import { hash } from '../hash.ts';
import { Recent } from '../recent.ts';
import { weakestOf } from '../strongest.ts';
import { plainWeb } from '../web-text.ts';
import { attackIn, attackInHeader, scannerAgent } from './webprobe-patterns.ts';

interface Source {
  attacks: Distinct;
  /** When one alone was last told. */
  toldAt: number;
}

/**
 * One address asks for what only attackers ask for. One such request is told with little confidence, since a link or a
 * page may have caused it; several different ones, of a client that nobody else steers, are an attack.
 */
export const webprobe = defineDetector({
  name: 'webprobe',
  summary: 'One address looks for holes in web servers',
  on: ['request', 'access'],
  options: z.strictObject({
    attacks: z.int().min(2).max(32).default(3),
    withinMs: z.int().positive().default(3_600_000),
    againMs: z.int().positive().default(600_000),
    growth: z.int().min(2).default(8),
    sources: z.int().positive().default(100_000),
  }),

  start({ attacks: count, withinMs, againMs, growth, sources: limit }) {
    const sources = new Recent<Source>(limit, Math.max(withinMs, againMs));
    const limits: DistinctLimits = { count, withinMs, againMs, growth };

    return (event, ref) => {
      const attack = attackOf(event);
      if (attack === null) return;
      let source = sources.get(event.src.ip, event.time);
      if (source === undefined) {
        source = { attacks: new Distinct(), toldAt: Number.NEGATIVE_INFINITY };
        sources.set(event.src.ip, source);
      }
      const because = source.attacks.add(hash(`${event.method} ${event.target}`), event.time, ref, limits);
      const subject = { type: 'ip' as const, value: event.src.ip };
      if (because !== undefined) {
        source.toldAt = event.time;
        return {
          subject,
          // What a browser can be made to ask for is no proof against its owner.
          confidence: weakestOf(because) >= 'E3' ? 0.9 : 0.5,
          attack: ['T1595.002', 'T1190'],
          says: `${source.attacks.total} attack requests to web servers, the last one ${attack}`,
          because,
        };
      }
      if (source.attacks.total >= count || event.time - source.toldAt < withinMs) return;
      source.toldAt = event.time;
      return {
        subject,
        confidence: 0.3,
        attack: ['T1595.002'],
        says: `one attack request: ${attack}`,
        because: [ref()],
      };
    };
  },
});

function attackOf(event: EventOf<'request'> | EventOf<'access'>): string | null {
  if (event.kind === 'access') {
    const found = attackIn(plainWeb(event.target), '');
    if (found !== null) return found;
    const { agent = '', referer = '' } = event;
    return attackInHeader(agent) ?? attackInHeader(referer) ?? (scannerAgent.test(agent) ? 'scanner' : null);
  }
  const body = event.body === undefined ? '' : plainWeb(event.body);
  const found = attackIn(plainWeb(event.target), body);
  if (found !== null) return found;
  for (const [name, value] of event.headers) {
    const attack = attackInHeader(value);
    if (attack !== null) return attack;
    if (name.length === 10 && name.toLowerCase() === 'user-agent' && scannerAgent.test(value))
      return 'scanner';
  }
  return null;
}
