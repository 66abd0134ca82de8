import type { Selection } from './selection.ts';

export interface ExportOptions {
  /** The clock, in milliseconds since the epoch. */
  time: number;
  /** How long answers may be kept, in seconds. */
  ttl: number;
  /** The name of the zone, for forms that are one. */
  zone: string;
}

export const exportDefaults = { ttl: 300, zone: 'rpz.caltrop.invalid' } as const;

/** A form in which resolvers and firewalls take names that are to be denied with all under them. */
export interface NameExport {
  name: string;
  summary: string;
  /** What the form cannot say of a selection is added to what is left out. */
  fit?(selection: Selection, options: ExportOptions): Selection;
  /** The file, in pieces that each end a line. Names are such as `selectNames` gives. */
  write(names: readonly string[], options: ExportOptions): Iterable<string>;
}

export function defineExport(one: NameExport): NameExport {
  return one;
}

/** Takes names that do not fit out of a selection. */
export function keepOnly(
  { names, left }: Selection,
  why: Selection['left'][number]['why'],
  fits: (name: string) => boolean,
): Selection {
  const kept: string[] = [];
  const out = [...left];
  for (const name of names) {
    if (fits(name)) kept.push(name);
    else out.push({ name, why });
  }
  return { names: kept, left: out };
}
