import type { Draw } from '../src/kit/seeded.ts';
import type { Connection } from './clients/connection.ts';

export const services = ['ssh', 'telnet', 'http', 'redis'] as const;
export type Service = (typeof services)[number];

/** One machine that takes part: it has an address of its own, and draws of its own that depend on the seed alone. */
export interface Source {
  readonly address: string;
  readonly draw: Draw;
  /** Connects to the service from this machine. Null where nobody answers: that is counted. */
  dial(service: Service): Promise<Connection | null>;
}

/** Where a scenario takes place. */
export interface Ground {
  /** How many machines the operator asks for. */
  readonly count: number;
  /** Whether there is such a service. */
  offers(service: Service): boolean;
  /** A machine that has not taken part yet, and what it plays. */
  source(role: string): Source;
  say(text: string): void;
}

/** One kind of adversary, or of harmless visitor. */
export interface Scenario {
  name: string;
  summary: string;
  /** The services that it cannot do without. */
  needs: readonly Service[];
  /** Machines that take part where the operator does not say. */
  count: number;
  run(ground: Ground): Promise<void>;
}

export function defineScenario(scenario: Scenario): Scenario {
  return scenario;
}

/** Machines that act at the same time. */
const together = 16;

/** Lets `count` machines act, not too many at a time. They are named before the first acts, so that the seed decides who is who. */
export async function crowd(
  ground: Ground,
  count: number,
  role: string,
  act: (source: Source, index: number) => Promise<void>,
): Promise<void> {
  const sources = Array.from({ length: count }, () => ground.source(role));
  let next = 0;
  const worker = async () => {
    while (next < sources.length) {
      const index = next++;
      await act(sources[index]!, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(together, count) }, worker));
}
