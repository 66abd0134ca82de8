// What the tests of this folder share: signals, a list that is in order, and a decider over them.
import { createHash } from 'node:crypto';
import type { HostAddress } from '../kit/host-addresses.ts';
import { uuidv8 } from '../kit/uuid.ts';
import type { Signal, Target } from '../model/signal.ts';
import { Decider, type DeciderParts } from './decider.ts';
import { memoryFlag } from './flag-file.ts';
import { firstEntry, NeverBlock, type NeverBlockSources } from './never-block.ts';
import { type DecisionOptions, decisionOptions } from './options.ts';

export const start = Date.UTC(2026, 0, 5, 12);
export const minute = 60_000;
export const hour = 60 * minute;

export const host: HostAddress[] = [
  { address: '127.0.0.1', role: 'own' },
  { address: '192.0.2.10', role: 'own' },
  { address: '2001:db8:1::10', role: 'own' },
  { address: '192.0.2.1', role: 'gateway' },
  { address: '192.0.2.53', role: 'resolver' },
];

export function target(port: number, more: Partial<Target> = {}): Target {
  return { sensor: 'decoy-1', decoy: true, protocol: 'telnet', transport: 'tcp', port, ...more };
}

let made = 0;

/** A signal of its own: E4 on a telnet decoy, sure of harm, unless told otherwise. */
export function signal(more: Partial<Omit<Signal, 'subject'>> & { ip?: string } = {}): Signal {
  const { ip = '198.51.100.7', ...rest } = more;
  const digest = createHash('sha256').update(`signal ${++made}`).digest();
  return {
    id: uuidv8(rest.time ?? start, digest),
    time: start,
    detector: 'bruteforce',
    subject: { type: 'ip', value: ip },
    confidence: 0.9,
    evidence: 'E4',
    attack: ['T1110.001'],
    says: 'tried 8 passwords',
    because: [uuidv8(start, digest, 10)],
    targets: [target(2323)],
    ...rest,
  };
}

export function neverBlock(
  sources: Partial<NeverBlockSources> = {},
  lab: DecisionOptions['lab'] = { on: false, namespaces: [] },
): NeverBlock {
  const list = new NeverBlock(
    { list: () => ({ entries: [firstEntry], readAt: start }), host: () => host, ...sources },
    { lab, staleMs: 24 * hour },
  );
  list.refresh(start);
  return list;
}

export function decider(
  options: Parameters<typeof decisionOptions.parse>[0] = {},
  parts: Partial<DeciderParts> = {},
): Decider {
  return new Decider(decisionOptions.parse(options), {
    neverBlock: neverBlock(),
    killSwitch: memoryFlag(),
    breaker: memoryFlag(),
    live: true,
    ...parts,
  });
}
