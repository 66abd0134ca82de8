import { loadNames } from './address-file.ts';
import { readAddressTables } from './address-tables.ts';

/**
 * Tells the name of an autonomous system, or nothing. The names are read when the first is asked for: two megabytes where the
 * build compiled them, and without the tables of addresses, which only the workers need.
 */
export function createAsNames(
  read = () => loadNames() ?? readAddressTables().names(),
): (asn: number) => string {
  let names: ReadonlyMap<number, string> | undefined;
  return (asn) => {
    if (!(asn > 0)) return '';
    names ??= attempt(read);
    return names.get(asn) ?? '';
  };
}

function attempt(read: () => ReadonlyMap<number, string>): ReadonlyMap<number, string> {
  try {
    return read();
  } catch {
    // Not installed: a number without a name is only less plain.
    return new Map();
  }
}
