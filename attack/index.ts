import { setMaxListeners } from 'node:events';
import { Fault } from '../src/kit/fault.ts';
import { createGround } from './ground.ts';
import type { Service } from './scenario.ts';
import { scenarios } from './scenarios/index.ts';
import { checkTarget } from './target.ts';

export { type Service, services } from './scenario.ts';
export { scenarios } from './scenarios/index.ts';

/** More machines than this make no demonstration better. */
const mostSources = 1_000;

export interface AttackOptions {
  /** Loopback, or an address of this machine where `ownHost` is set. */
  target: string;
  ownHost?: boolean;
  ports: Readonly<Partial<Record<Service, number>>>;
  /** How many machines take part, where the scenario lets one choose. */
  sources?: number;
  /** The same seed makes the same machines do the same. */
  seed?: number;
  say?(text: string): void;
  /** Ends it early: nobody connects any more, and connections close. */
  signal?: AbortSignal;
}

export interface AttackSummary {
  scenario: string;
  target: string;
  seed: number;
  sources: string[];
  /** What each of them played. */
  roles: Record<string, string>;
  connections: number;
  /** Connections that nobody answered. */
  refused: number;
  bytes: { sent: number; received: number };
  ms: number;
}

/** Plays one scenario against your own sensors. Throws a `Fault` where the target is not yours or nobody answers at all. */
export async function attack(name: string, options: AttackOptions): Promise<AttackSummary> {
  const scenario = scenarios.find((one) => one.name === name);
  if (!scenario)
    throw new Fault('usage', 'There is no such scenario.', {
      remedies: [{ path: 'SCENARIO', expected: scenarios.map((one) => one.name).join(', ') }],
    });
  const { ownHost = false, ports, sources = scenario.count, seed = 1, say = () => {}, signal } = options;
  if (!Number.isInteger(sources) || sources < 1 || sources > mostSources)
    throw new Fault('usage', `From 1 to ${mostSources} sources can take part.`);
  // Each connection listens to it, and there are as many as machines take part.
  if (signal) setMaxListeners(0, signal);
  const host = checkTarget(options.target, ownHost);
  const began = performance.now();
  const { ground, tally, roles } = createGround({
    host,
    ports,
    count: sources,
    seed: `${seed} ${name}`,
    say,
    signal,
  });
  await scenario.run(ground);
  if (!signal?.aborted && tally.connections > 0 && tally.refused === tally.connections)
    throw new Fault('unavailable', `Nobody answers at ${host}.`, {
      remedies: [
        { path: '--port', expected: 'the ports of running sensors', remedy: 'Start them with caltrop up.' },
      ],
    });
  return {
    scenario: name,
    target: host,
    seed,
    sources: [...roles.keys()],
    roles: Object.fromEntries(roles),
    connections: tally.connections,
    refused: tally.refused,
    bytes: { sent: tally.sent, received: tally.received },
    ms: Math.round(performance.now() - began),
  };
}
