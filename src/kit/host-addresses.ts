import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { canonicalIp, readIp } from './ip.ts';

/** An address that this machine cannot do without, and what it is to it. */
export interface HostAddress {
  address: string;
  role: 'own' | 'gateway' | 'resolver';
}

/**
 * The addresses of this machine's interfaces, its gateways and its resolvers. Throws where the interfaces cannot be told:
 * a machine without one address is a failure to look, not a fact. Files that this system does not have (no /proc, no
 * resolv.conf) are no failure; files that cannot be read are.
 */
export function hostAddresses(read: (path: string) => string | null = readIfThere): HostAddress[] {
  const found = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .map(({ address }) => canonicalIp(address.split('%')[0]!))
    .filter((address) => address !== null);
  if (found.length === 0) throw new Error('no interface has an address');
  const gateways = [
    ...routeGateways(read('/proc/net/route') ?? ''),
    ...ipv6RouteGateways(read('/proc/net/ipv6_route') ?? ''),
  ];
  const resolvers = resolvConf(read('/etc/resolv.conf') ?? '');
  return [
    ...found.map((address) => ({ address, role: 'own' as const })),
    ...gateways.map((address) => ({ address, role: 'gateway' as const })),
    ...resolvers.map((address) => ({ address, role: 'resolver' as const })),
  ];
}

/** Gateways of `/proc/net/route`: a header, then fields; the third is the gateway, in the machine's byte order. */
export function routeGateways(text: string): string[] {
  const gateways = new Set<string>();
  for (const line of text.split('\n').slice(1)) {
    const gateway = line.split('\t')[2]?.trim();
    if (!gateway || !/^[0-9A-F]{8}$/i.test(gateway) || /^0+$/.test(gateway)) continue;
    const bytes = [6, 4, 2, 0].map((at) => Number.parseInt(gateway.slice(at, at + 2), 16));
    gateways.add(bytes.join('.'));
  }
  return [...gateways];
}

/** Gateways of `/proc/net/ipv6_route`: the fifth field, 32 hex digits in network order. */
export function ipv6RouteGateways(text: string): string[] {
  const gateways = new Set<string>();
  for (const line of text.split('\n')) {
    const gateway = line.trim().split(/\s+/)[4];
    if (!gateway || !/^[0-9a-f]{32}$/i.test(gateway) || /^0+$/.test(gateway)) continue;
    gateways.add(readIp(Buffer.from(gateway, 'hex')));
  }
  return [...gateways];
}

/** The `nameserver` lines of resolv.conf(5); a zone after `%` is left out. */
export function resolvConf(text: string): string[] {
  const servers = new Set<string>();
  for (const line of text.split('\n')) {
    const address = canonicalIp(/^\s*nameserver\s+([^\s%#;]+)/.exec(line)?.[1] ?? '');
    if (address) servers.add(address);
  }
  return [...servers];
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
