import { ownedDomain, registeredDomain } from '../../model/registered-domain.ts';

/** Where the parts of a normal name lie in it: `sub-domains . owner . suffix`. */
export interface NameParts {
  name: string;
  /** By the ICANN section of the Public Suffix List; the name itself where there is none. */
  registered: string;
  /** By its private section too: what one owner holds under a suffix that is let to strangers. */
  owned: string;
  /** Where the sub-domains end (0 where there are none). */
  subEnd: number;
  /** The owner's label: what was chosen when the name was taken. */
  ownerStart: number;
  ownerEnd: number;
  /** The suffix runs from here to the end; at the end where there is none. */
  suffixStart: number;
  labels: number;
  /** Whether the suffix is one that is let to strangers: free hosting, dynamic DNS, tunnels. */
  shared: boolean;
}

/** Takes a normal name (`normalName`) apart. */
export function partsOf(name: string): NameParts {
  const registered = registeredDomain(name) ?? name;
  const owned = ownedDomain(name) ?? registered;
  const ownerStart = name.length - owned.length;
  const dot = name.indexOf('.', ownerStart);
  const ownerEnd = dot < 0 ? name.length : dot;
  let labels = 1;
  for (let i = 0; i < name.length; i++) if (name.charCodeAt(i) === 0x2e) labels++;
  return {
    name,
    registered,
    owned,
    subEnd: Math.max(0, ownerStart - 1),
    ownerStart,
    ownerEnd,
    suffixStart: Math.min(name.length, ownerEnd + 1),
    labels,
    shared: owned.length > registered.length,
  };
}
