/**
 * The table of events, in the order of its RowBinary rows. Head and the most asked-for fields of bodies have columns of their
 * own; what is left of a body goes into `rest` as JSON. Names are those of the model, so that SQL reads like the events.
 */
export const columns = [
  ['id', 'UUID'],
  ['time', "DateTime64(3, 'UTC')"],
  ['arrived', "DateTime64(3, 'UTC')"],
  /** What brought it: `live`, or the import's id. */
  ['run', 'LowCardinality(String)'],
  /** The order in which it was taken in: what a restart shows the detectors again, in the same order. */
  ['seq', 'UInt64'],
  ['sensor', 'LowCardinality(String)'],
  ['session', 'String'],
  ['protocol', 'LowCardinality(String)'],
  ['transport', 'LowCardinality(String)'],
  ['handshake', 'LowCardinality(String)'],
  ['decoy', 'Bool'],
  ['src_ip', 'IPv6'],
  ['src_port', 'UInt16'],
  ['dst_ip', 'IPv6'],
  ['dst_port', 'UInt16'],
  ['asn', 'UInt32'],
  ['country', 'LowCardinality(String)'],
  ['kind', 'LowCardinality(String)'],
  ['user', 'String'],
  ['secret', 'String'],
  /** 1 yes, 0 no, -1 not said. */
  ['ok', 'Int8'],
  ['method', 'LowCardinality(String)'],
  ['input', 'String'],
  ['target', 'String'],
  ['status', 'UInt16'],
  ['url', 'String'],
  ['sha256', 'String'],
  ['size', 'UInt64'],
  ['rest', 'String'],
  ['raw', 'String'],
] as const;

export type Column = (typeof columns)[number][0];

/** Fields of a body that have a column; all others go into `rest`. */
export const bodyColumns = [
  'user',
  'secret',
  'ok',
  'method',
  'input',
  'target',
  'status',
  'url',
  'sha256',
  'size',
] as const;

/** The structure that a reader of RowBinary is told: LowCardinality is how it is stored, not how it is sent. */
export const rowStructure = columns
  .map(([name, type]) => `${name} ${type.replace(/^LowCardinality\((.*)\)$/, '$1')}`)
  .join(', ');
