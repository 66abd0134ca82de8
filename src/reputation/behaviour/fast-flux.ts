import { Bounded } from '../../kit/bounded.ts';
import { writeIp } from '../../kit/ip.ts';
import type { Seen } from './answer.ts';
import { DistinctHashes, hashText } from './distinct-hashes.ts';

export interface FluxLimits {
  /** Names that are remembered. */
  names: number;
  /** Different addresses, blocks and networks of a name that are remembered. */
  each: number;
  withinMs: number;
  /** Seconds; answers that live longer are not counted. */
  ttl: number;
  /** What makes flux: so many addresses in so many blocks and, where they are known, networks. */
  addresses: number;
  blocks: number;
  networks: number;
}

export const fluxLimits: FluxLimits = {
  ...{ names: 200_000, each: 64, withinMs: 86_400_000, ttl: 600, addresses: 10, blocks: 8, networks: 5 },
};

/** What a name answered with within the window. */
export interface Flux {
  addresses: number;
  /** Different /24 (IPv4) and /48 (IPv6). */
  blocks: number;
  /** Different autonomous systems; 0 where none was told. */
  networks: number;
  /** Whether that is fast flux: short-lived answers all over the place (Holz et al. 2008). */
  fast: boolean;
}

/** Counts how far a name's short-lived answers are spread, over event time. */
export class FastFlux {
  readonly #limits: FluxLimits;
  readonly #names: Bounded<string, Record<'addresses' | 'blocks' | 'networks', DistinctHashes>>;

  constructor(limits: Partial<FluxLimits> = {}) {
    this.#limits = { ...fluxLimits, ...limits };
    this.#names = new Bounded(this.#limits.names);
  }

  /** How many names the limit has pushed out. */
  get evicted(): number {
    return this.#names.evicted;
  }

  /** Notes an answer: an address with its TTL in seconds and its network where that is known. Null for what does not count. */
  see({ time, name }: Seen, address: string, ttl: number, network?: number): Flux | null {
    const { each, withinMs, addresses, blocks, networks } = this.#limits;
    if (!(ttl <= this.#limits.ttl)) return null;
    const bytes = new Uint8Array(16);
    if (!writeIp(address, bytes)) return null;
    let one = this.#names.get(name);
    if (!one) {
      const make = () => new DistinctHashes(each);
      one = { addresses: make(), blocks: make(), networks: make() };
      this.#names.set(name, one);
    }
    const since = time - withinMs;
    const flux = {
      addresses: one.addresses.see(hashBytes(bytes, 16), time, since),
      // ::ffff:a.b.c.0/120 is the /24 of an IPv4 address (RFC 4291 §2.5.5.2).
      blocks: one.blocks.see(hashBytes(bytes, isIpv4(bytes) ? 15 : 6), time, since),
      networks:
        network === undefined
          ? one.networks.count(since)
          : one.networks.see(hashText(String(network)), time, since),
    };
    const spread = flux.networks === 0 || flux.networks >= networks;
    return { ...flux, fast: flux.addresses >= addresses && flux.blocks >= blocks && spread };
  }
}

function isIpv4(bytes: Uint8Array): boolean {
  return bytes[10] === 0xff && bytes[11] === 0xff && bytes.subarray(0, 10).every((byte) => byte === 0);
}

function hashBytes(bytes: Uint8Array, count: number): number {
  let hash = 0x811c9dc5 ^ count;
  for (let i = 0; i < count; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
