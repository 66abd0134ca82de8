import { defineFormat, type EntryType, FeedProblem, type Found } from '../format.ts';
import { isRow, listOf, parseJson, type Row, textOf } from '../json.ts';
import { entryOf, timeOf } from '../value.ts';

/** What each part of an attribute's value is, by its type (https://www.misp-project.org/datamodels/). */
const types: Record<string, readonly (EntryType | null)[]> = {
  domain: ['domain'],
  hostname: ['domain'],
  'hostname|port': ['domain', null],
  'domain|ip': ['domain', 'ip'],
  'ip-src': ['ip'],
  'ip-dst': ['ip'],
  'ip-src|port': ['ip:port'],
  'ip-dst|port': ['ip:port'],
  url: ['url'],
  uri: ['url'],
  md5: ['hash'],
  sha1: ['hash'],
  sha256: ['hash'],
  sha512: ['hash'],
  'filename|md5': [null, 'hash'],
  'filename|sha1': [null, 'hash'],
  'filename|sha256': [null, 'hash'],
  'filename|sha512': [null, 'hash'],
  'malware-sample': [null, 'hash'],
};
const family =
  /^misp-galaxy:(?:malpedia|tool|botnet|ransomware|rat|banker|stealer|mitre-malware)="([^"]{1,128})"$/;

/**
 * MISP events, alone, in a list or as a search answers (https://www.misp-standard.org/rfc/misp-standard-core.html). A feed's
 * manifest names files instead of attributes: point at the events.
 */
export const misp = defineFormat({
  name: 'misp',
  summary: 'MISP event, list of events, or attributes as JSON',

  sniff: (head) => (/^\s*[{[]/.test(head) && /"(?:Event|Attribute)"\s*:/.test(head) ? 1 : 0),

  *read(text) {
    const attributes = attributesOf(parseJson(text));
    if (attributes === null) throw new FeedProblem('it holds no MISP event');
    for (const [attribute, told] of attributes) yield* entriesOf(attribute, told);
  },
});

/** All attributes, each with the family that its event tells of. Null where there is no place for any. */
function attributesOf(whole: unknown): [attribute: Row, family: string][] | null {
  const found: [Row, string][] = [];
  let places = 0;
  const event = (given: unknown) => {
    if (!isRow(given)) return;
    const inner = isRow(given.Event) ? given.Event : given;
    const told = familyOf(inner);
    for (const holder of [inner, ...listOf(inner.Object).filter(isRow)]) {
      if (Array.isArray(holder.Attribute)) places++;
      for (const one of listOf(holder.Attribute)) if (isRow(one)) found.push([one, told]);
    }
    if (isRow(given.Event)) places++;
  };
  if (Array.isArray(whole)) whole.forEach(event);
  else if (isRow(whole)) {
    if (Array.isArray(whole.response)) whole.response.forEach(event);
    else event(isRow(whole.response) ? whole.response : whole);
  }
  return places > 0 ? found : null;
}

function* entriesOf(attribute: Row, told: string): Generator<Found> {
  const parts = types[textOf(attribute.type)];
  if (attribute.deleted === true || attribute.deleted === '1') yield { refused: 'withdrawn by its author' };
  else if (parts === undefined) yield { refused: 'a kind that is not used' };
  else if (attribute.to_ids === false || attribute.to_ids === '0')
    yield { refused: 'not meant for detection' };
  else {
    const value = textOf(attribute.value);
    const more = {
      family: familyOf(attribute) || told,
      first: timeOf(attribute.first_seen ?? attribute.timestamp),
      last: timeOf(attribute.last_seen ?? undefined),
      note: attribute.comment,
    };
    const values = value.split('|');
    for (const [i, type] of parts.entries()) {
      const [address = '', port = ''] = values;
      // The bar stands for the colon: IPv6 has colons of its own.
      if (type === 'ip:port')
        yield entryOf(address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`, more, type);
      else if (type !== null) yield entryOf(parts.length === 1 ? value : (values[i] ?? ''), more, type);
    }
  }
}

function familyOf({ Tag }: Row): string {
  for (const tag of listOf(Tag)) {
    const [, name] = family.exec(isRow(tag) ? textOf(tag.name) : '') ?? [];
    if (name !== undefined) return name;
  }
  return '';
}
