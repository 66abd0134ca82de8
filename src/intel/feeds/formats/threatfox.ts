import { recordsOf } from '../abuse-ch.ts';
import { defineFormat, type EntryType } from '../format.ts';
import { textOf } from '../json.ts';
import { entryOf, timeOf } from '../value.ts';

const types: Record<string, EntryType> = {
  domain: 'domain',
  'ip:port': 'ip:port',
  url: 'url',
  md5_hash: 'hash',
  sha1_hash: 'hash',
  sha256_hash: 'hash',
};

/** Indicators with their malware, as ThreatFox exports them (https://threatfox.abuse.ch/export/, …/api/), as CSV or JSON. */
export const threatfox = defineFormat({
  name: 'threatfox',
  summary: 'ThreatFox export, CSV or JSON',

  sniff: (head) => (head.includes('ioc_type') && head.includes('malware_printable') ? 1 : 0),

  *read(text) {
    for (const found of recordsOf(text, (cells) => cells.includes('ioc_type'))) {
      if ('refused' in found) {
        yield found;
        continue;
      }
      const { ioc_value, ioc, ioc_type, malware_printable, threat_type, ...rest } = found.record;
      const type = types[textOf(ioc_type)];
      if (type === undefined) yield { refused: 'a kind that is not used' };
      else
        yield entryOf(
          textOf(ioc_value ?? ioc),
          {
            family: malware_printable === 'Unknown malware' ? '' : malware_printable,
            first: timeOf(rest.first_seen_utc ?? rest.first_seen),
            last: timeOf(rest.last_seen_utc ?? rest.last_seen),
            note: threat_type,
          },
          type,
        );
    }
  },
});
