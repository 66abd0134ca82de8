import type { Seed } from './kind.ts';

const families =
  'Aldercott Brenvik Castorf Dunmarr Elverhoy Fennick Garvold Hessberg Inverley Jorvell Kestrup Lindqvar Marwood Norbeck Ostrava Pellworm Quarnby Rosvald Stenhall Tormund Ulverton Vestergren Wexcombe Yardholm Zellbach'.split(
    ' ',
  );
const trades = [
  ['Logistics', 'logistics', 'Freight, storage and customs under one roof.'],
  ['Glass', 'glass', 'Windows, facades and repairs since 1974.'],
  ['Dental Supplies', 'dental', 'Instruments and consumables for practices.'],
  ['Timber', 'timber', 'Sawn wood, boards and cutting to size.'],
  ['Accounting', 'accounting', 'Books, payroll and annual accounts.'],
  ['Metalworks', 'metal', 'Turned and milled parts in small series.'],
  ['Nursery', 'nursery', 'Trees and shrubs from our own fields.'],
  ['Printing', 'print', 'Brochures, labels and packaging.'],
  ['Catering', 'catering', 'Kitchens for schools and events.'],
  ['Surveying', 'survey', 'Land, building and engineering surveys.'],
] as const;

export interface Company {
  name: string;
  /** One word for host and database names. */
  short: string;
  domain: string;
  motto: string;
}

/** A small company that does not exist, with a domain that resolves nowhere outside of it. */
export function companyOf({ pick }: Seed): Company {
  const family = pick('family', families);
  const [trade, word, motto] = pick('trade', trades);
  const short = pick('short', [family.toLowerCase(), `${family.toLowerCase()}-${word}`]);
  return {
    name: `${family} ${trade}`,
    short,
    domain: `${short}.${pick('inner', ['local', 'lan', 'internal'])}`,
    motto,
  };
}
