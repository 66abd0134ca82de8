import { getDomain } from 'tldts';

const plain = { extractHostname: false, validateHostname: false, detectIp: false, mixedInputs: false };
const withPrivate = { ...plain, allowPrivateDomains: true };

/**
 * The registered domain of a normal name by the ICANN section of the Public Suffix List: `a.b.co.uk` → `b.co.uk`. Null for a
 * public suffix itself and for single labels.
 */
export function registeredDomain(name: string): string | null {
  return getDomain(name, plain);
}

/** As `registeredDomain`, but suffixes under which others let to strangers count too: `a.b.github.io` → `b.github.io`. */
export function ownedDomain(name: string): string | null {
  return getDomain(name, withPrivate);
}
