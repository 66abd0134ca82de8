import { createHash } from 'node:crypto';
import { Fault } from '../kit/fault.ts';
import { neighbourhood, parsePrefix, prefixText } from '../kit/ip.ts';
import { uuidv8 } from '../kit/uuid.ts';
import type { Decision, Mode, Scope } from '../model/decision.ts';
import type { NeverBlockVerdict } from './never-block.ts';

/** What a person wants denied. `actor` names the person. */
export interface Order {
  scope: Scope;
  termMs: number;
  mode: Mode;
  actor: string;
  reason: string;
}

const longestMs = 30 * 86_400_000;
/** The widest that one person may deny: an IPv4 /24, an IPv6 /48, as bits of 128. */
const widest = { v4: 120, v6: 48 };

/**
 * The decision that a person's order makes, for at most 30 days. Never-block holds for people too, and a range wider than
 * an IPv4 /24 or an IPv6 /48 would need a second person. Throws a `Fault` with why not.
 */
export function makeOrder(wish: Order, check: (source: string) => NeverBlockVerdict, now: number): Decision {
  const { scope, termMs, mode, actor, reason } = wish;
  if (actor === 'policy' || actor === '') throw new Fault('invalid', 'An order is a person’s.');
  const block = parsePrefix(scope.source);
  if (!block) throw new Fault('invalid', 'The source is no address and no block.');
  const text = prefixText(block);
  const [address = ''] = text.split('/');
  const v6 = address.includes(':');
  if (block.bits < (v6 ? widest.v6 : widest.v4))
    throw new Fault('refused', `${text} is too wide for one person.`);
  if (!(termMs > 0 && termMs <= longestMs)) throw new Fault('invalid', 'A term is over 0 and up to 30 days.');
  const single = block.bits === 128 || (v6 && block.bits === 64);
  const source = single ? neighbourhood(address) : text;
  const safe = check(source);
  if (safe.verdict === 'unavailable') throw new Fault('unavailable', `Never-block: ${safe.reason}.`);
  if (safe.verdict === 'hard')
    throw new Fault('refused', `Never-block holds ${source}: ${safe.entry.reason}.`);
  const digest = createHash('sha256')
    .update(JSON.stringify([actor, source, scope.ports, now]))
    .digest();
  return {
    id: uuidv8(now, digest),
    time: now,
    action: 'deny',
    scope: { ...scope, source },
    until: now + termMs,
    step: 0,
    mode,
    policy: 'order',
    actor,
    evidence: 'E0',
    because: [],
    reason,
  };
}
