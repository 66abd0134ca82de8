import type { Health, Member } from '../model/fleet.ts';

/** Where the fleet is kept. */
export interface Roster {
  list(): Promise<Member[]>;
  get(name: string): Promise<Member | null>;
  /** Opens an invitation for a name: anew, or for one that has been in the fleet before. */
  invite(name: string, secretHash: string, expires: number, now: number): Promise<void>;
  /** The name that an open invitation is for, which is used up by this; null where there is none. */
  redeem(secretHash: string, now: number): Promise<string | null>;
  revoke(name: string, now: number): Promise<boolean>;
  /** Keeps what a sensor is to run under the next number, which is returned; null where there is no such sensor. */
  configure(name: string, plan: unknown): Promise<number | null>;
}

/** What is known of a sensor right now; lost with the process, told anew within seconds. */
export interface Presence {
  control: boolean;
  link: boolean;
  lastSeen: number | null;
  health: Health | null;
}

/** How a sensor fares, in words. */
export function stateOf({ enrolled, revoked, control, link, health, serial }: Member & Presence): string {
  if (revoked !== null) return 'revoked';
  if (enrolled === null) return 'invited';
  if (!control) return 'lost';
  if (serial === 0) return 'waits for its configuration';
  if (!health?.running) return 'not running';
  return link ? 'well' : 'cannot hand over events';
}
