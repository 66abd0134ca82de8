import { defineFormat, type EntryType, FeedProblem, type Found } from '../format.ts';
import { isRow, listOf, parseJson, type Row, textOf } from '../json.ts';
import { type Comparison, type Pattern, readPattern } from '../stix-pattern.ts';
import { entryOf, timeOf } from '../value.ts';

const properties: Record<string, EntryType> = {
  'domain-name:value': 'domain',
  'ipv4-addr:value': 'ip',
  'ipv6-addr:value': 'ip',
  'url:value': 'url',
};
const hash = /^file:hashes\.(?:md5|sha-?1|sha-?256|sha-?512)$/;

/**
 * Indicators of a STIX 2.1 bundle (OASIS STIX 2.1 §4.7). Of a pattern only what holds by itself becomes an entry: a name that
 * is bad only together with a port is not a bad name.
 */
export const stix = defineFormat({
  name: 'stix',
  summary: 'STIX 2.1 bundle',

  sniff: (head) => (/^\s*[{[]/.test(head) && /"type"\s*:\s*"(?:bundle|indicator)"/.test(head) ? 1 : 0),

  *read(text, { now }) {
    const whole = parseJson(text);
    const objects = isRow(whole) ? listOf(whole.objects ?? [whole]) : listOf(whole);
    const rows = objects.filter(isRow);
    if (!rows.some((row) => typeof row.type === 'string')) throw new FeedProblem('it holds no STIX object');
    const families = familiesOf(rows);
    for (const row of rows) if (row.type === 'indicator') yield* entriesOf(row, families, now);
  },
});

function* entriesOf(row: Row, families: Map<string, string>, now: number): Generator<Found> {
  const until = timeOf(row.valid_until);
  if (row.revoked === true) yield { refused: 'withdrawn by its author' };
  else if (until !== undefined && until <= now) yield { refused: 'no longer valid' };
  else if ((row.pattern_type ?? 'stix') !== 'stix') yield { refused: 'a kind that is not used' };
  else {
    const pattern = readPattern(textOf(row.pattern));
    const told = { family: families.get(textOf(row.id)), first: timeOf(row.valid_from), note: row.name };
    if (pattern === null) yield { refused: 'a pattern that cannot be read' };
    else
      for (const one of enough(pattern)) {
        if ('refused' in one) yield one;
        else yield entryOf(one.value, told, one.type);
      }
  }
}

type Enough = { type: EntryType; value: string } | Extract<Found, { refused: unknown }>;

/** The values each of which fulfils a pattern by itself. */
function* enough(pattern: Pattern): Generator<Enough> {
  if ('any' in pattern) for (const one of pattern.any) yield* enough(one);
  else if ('all' in pattern) {
    // Several hashes of one file name the same file.
    if (
      pattern.all.every((one) => 'path' in one && !one.negated && hash.test(one.path) && one.operator === '=')
    )
      for (const one of pattern.all) yield* enough(one);
    else yield { refused: 'a pattern of several conditions' };
  } else yield* valuesOf(pattern);
}

function* valuesOf({ path, operator, negated, values }: Comparison): Generator<Enough> {
  const type = hash.test(path) ? 'hash' : properties[path];
  const equal = operator === '=' || operator === '==' || operator === 'IN';
  if (type === undefined || negated || !(equal || (type === 'ip' && operator === 'ISSUBSET')))
    yield { refused: 'a kind that is not used' };
  else for (const value of values) yield { type, value };
}

/** The malware that each indicator indicates, by the indicator's id. */
function familiesOf(rows: Row[]): Map<string, string> {
  const names = new Map(
    rows
      .filter(({ type }) => type === 'malware' || type === 'tool')
      .map(({ id, name }) => [textOf(id), textOf(name)]),
  );
  const families = new Map<string, string>();
  for (const row of rows) {
    const name = names.get(textOf(row.target_ref));
    if (row.type === 'relationship' && row.relationship_type === 'indicates' && name)
      families.set(textOf(row.source_ref), name);
  }
  return families;
}
