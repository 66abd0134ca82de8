import { dnsmasq } from './dnsmasq.ts';
import type { NameExport } from './export.ts';
import { plain } from './plain.ts';
import { route53 } from './route53.ts';
import { rpz } from './rpz.ts';
import { unbound } from './unbound.ts';

export { type ExportOptions, exportDefaults, type NameExport } from './export.ts';
export {
  type LeftOut,
  type RankedRow,
  type Selection,
  type SelectionOptions,
  selectNames,
} from './selection.ts';

/** The forms in which names leave us. */
export const nameExports: readonly NameExport[] = [rpz, plain, route53, dnsmasq, unbound];
