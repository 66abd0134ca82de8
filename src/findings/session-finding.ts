import type { Actor } from '../model/actor.ts';
import type { Finding } from '../model/finding.ts';
import type { SessionRecord } from '../model/session.ts';
import type { Weighed } from './finding.ts';

/** What a session looks like is a guess about people: it is told, and orders nothing. */
const reason = 'What a session looks like is for a person to judge; it never blocks by itself.';
const techniqueLimit = 16;

/** What a person should read of a session: somebody at the keys, a model at the keys, or something that was aimed. */
export function weighSession(session: SessionRecord): Weighed[] {
  const { kind, scope, kindReasons, scopeReasons, src, protocol, sensor } = session;
  const told: Weighed[] = [];
  const add = (detector: string, severity: Finding['severity'], says: string, confidence: number) =>
    told.push({
      signal: {
        id: session.id,
        time: session.end,
        detector,
        subject: { type: 'ip', value: src },
        confidence,
        evidence: session.evidence,
        attack: session.techniques.slice(0, techniqueLimit),
        says: says.slice(0, 1_024),
        because: [session.id],
        targets: [{ sensor, decoy: session.decoy, protocol, transport: 'tcp', port: session.port }],
      },
      verdict: { route: 'tip', reason, severity },
    });
  const aimed = scope === 'targeted';
  if (kind === 'hands-on' || kind === 'agent')
    add(
      `session-${kind}`,
      aimed ? 'high' : 'medium',
      `${kind === 'agent' ? 'a language model' : 'a person'} seems to be at the keys: ${kindReasons.join(' ')}`,
      session.kindConfidence,
    );
  if (aimed) add('session-targeted', 'high', `what it did is rare and aimed: ${scopeReasons.join(' ')}`, 0.7);
  return told;
}

/** An actor that is now known by a second address. */
export function weighActor(actor: Actor, { id, evidence, end }: SessionRecord): Weighed {
  const ways = [...new Set(actor.joins.map(({ by }) => by))].join(', ');
  const addresses = [...new Set(actor.joins.flatMap(({ a, b }) => [a, b]))].slice(0, 8).join(', ');
  return {
    signal: {
      id,
      time: end,
      detector: 'actor-joined',
      subject: { type: 'actor', value: actor.id },
      confidence: 0.6,
      evidence,
      attack: [],
      says: `${actor.addresses} addresses are one actor's by ${ways}: ${addresses}`.slice(0, 1_024),
      because: [id],
      targets: [],
    },
    verdict: { route: 'tip', reason, severity: (actor.kinds['hands-on'] ?? 0) > 0 ? 'medium' : 'low' },
  };
}
