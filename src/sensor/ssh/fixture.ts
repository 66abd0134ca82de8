import { setTimeout as sleep } from 'node:timers/promises';
import { ssh } from '../emulators/ssh.ts';
import { type Served, serve } from '../fixture.ts';
import type { Limits } from '../limits.ts';
import type { Persona } from '../persona.ts';

/** Pauses below this, in milliseconds, are those of logins and the like: no test waits for them. */
const longPause = 5_000;

export interface ServeOptions {
  product?: string;
  seed?: string;
  persona?: Persona;
  limits?: Partial<Limits>;
  startups?: boolean;
  rekeyBytes?: number;
}

/** An SSH server of ours on loopback, for tests with real clients. */
export function serveSsh({
  seed = 'ssh test',
  persona,
  limits,
  ...given
}: ServeOptions = {}): Promise<Served> {
  return serve(
    ssh,
    { startups: false, ...given },
    {
      seed,
      ...(persona ? { persona } : {}),
      // As many of one source as a sensor takes.
      limits: { perSource: 32, ...limits },
      sleep: (ms) => sleep(ms < longPause ? 1 : ms, undefined, { ref: false }),
    },
  );
}
