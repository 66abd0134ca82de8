import { signal } from '@preact/signals';
import { ask } from '../api.ts';

export interface Origin {
  country: string;
  asn: number;
}

/** How many addresses are remembered, and asked for at once. */
const limits = { known: 5_000, asked: 100 };

/** Country and network of the addresses on the live stream, as the lake knows them. */
export const origins = signal<ReadonlyMap<string, Origin>>(new Map());
const waiting = new Map<string, number>();
let asking = false;

/** Looks an address up, some time soon. */
export function locate(ip: string): void {
  if (origins.peek().has(ip) || waiting.has(ip) || waiting.size >= limits.known) return;
  waiting.set(ip, 0);
  if (!asking) {
    asking = true;
    setTimeout(() => void lookUp(), 800);
  }
}

async function lookUp(): Promise<void> {
  const ips = [...waiting.keys()].slice(0, limits.asked);
  try {
    const found = await ask<(Origin & { ip: string })[]>(`/origins?ips=${ips.join(',')}`);
    const known = new Map([...origins.peek()].slice(-limits.known + ips.length));
    for (const { ip, country, asn } of found) {
      known.set(ip, { country, asn });
      waiting.delete(ip);
    }
    origins.value = known;
  } catch {
    // The lake is behind or away: an address without a country is only less pretty.
  }
  for (const ip of ips) {
    const tries = waiting.get(ip);
    if (tries === undefined) continue;
    waiting.delete(ip);
    if (tries < 3) waiting.set(ip, tries + 1);
  }
  asking = waiting.size > 0;
  if (asking) setTimeout(() => void lookUp(), 1_500);
}
