import { networkInterfaces } from 'node:os';
import { Fault } from '../src/kit/fault.ts';
import { canonicalIp, ipv4Number } from '../src/kit/ip.ts';

/** Whether an address, in its canonical spelling, is loopback (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3). */
export function isLoopback(address: string): boolean {
  const v4 = ipv4Number(address);
  return v4 >= 0 ? Math.floor(v4 / 2 ** 24) === 127 : address === '::1';
}

/**
 * The address that may be attacked, in its canonical spelling: loopback, or, where somebody says that this host is his own, an
 * address of one of its interfaces. Names are not looked up, so that nobody's answer can point elsewhere. Throws a `Fault`.
 */
export function checkTarget(
  target: string,
  ownHost: boolean,
  interfaces: readonly string[] = addressesHere(),
): string {
  const address = canonicalIp(target);
  if (address === null)
    throw new Fault('usage', 'The target is an address, not a name: nothing is looked up.');
  if (isLoopback(address)) return address;
  if (!ownHost)
    throw new Fault('refused', 'Only loopback is attacked, unless you say --i-own-this-host.', {
      remedies: [{ path: '--target', expected: 'a loopback address, or --i-own-this-host' }],
    });
  if (!interfaces.some((one) => canonicalIp(one) === address))
    throw new Fault('refused', 'That is no address of this machine: only what is yours is attacked.', {
      remedies: [{ path: '--target', expected: "an address of one of this machine's own interfaces" }],
    });
  return address;
}

function addressesHere(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .map(({ address }) => address.split('%')[0]!);
}
