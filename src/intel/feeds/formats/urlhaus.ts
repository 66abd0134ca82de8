import { recordsOf } from '../abuse-ch.ts';
import { defineFormat } from '../format.ts';
import { textOf } from '../json.ts';
import { entryOf, timeOf } from '../value.ts';

/** Addresses that malware is fetched from, as URLhaus exports them (https://urlhaus.abuse.ch/api/), as CSV or JSON. */
export const urlhaus = defineFormat({
  name: 'urlhaus',
  summary: 'URLhaus export, CSV or JSON',

  sniff: (head) => (head.includes('urlhaus_link') && head.includes('url_status') ? 1 : 0),

  *read(text) {
    for (const found of recordsOf(text, (cells) => cells.includes('url_status'))) {
      if ('refused' in found) {
        yield found;
        continue;
      }
      const { url, tags, threat, dateadded, date_added, last_online } = found.record;
      const labels = Array.isArray(tags) ? tags.map(textOf).join(',') : textOf(tags);
      yield entryOf(
        textOf(url),
        {
          note: [textOf(threat), labels].filter((one) => one !== '' && one !== 'None').join(': '),
          first: timeOf(dateadded ?? date_added),
          last: timeOf(last_online),
        },
        'url',
      );
    }
  },
});
