import { defineFormat } from '../format.ts';
import { firstLines, linesOf } from '../lines.ts';
import { type Cells, cellsOf, rowsOf, separatorOf } from '../table.ts';
import { entryOf, timeOf } from '../value.ts';

/** Titles of a column with the value, and of those that say more of it, the likeliest first. */
const values =
  'indicator ioc_value ioc url domain domain_name hostname host fqdn name dst_ip ip ip_address ipaddress address value sha256 sha256_hash sha1 md5 hash'.split(
    ' ',
  );
const families = 'family malware_printable malware malware_family signature threat_name'.split(' ');
const firsts = 'first_seen_utc first_seen firstseen first_listed first date_added dateadded date'.split(' ');
const lasts = 'last_seen_utc last_seen lastseen last_online last'.split(' ');
const notes = 'note comment description threat_type threat category label'.split(' ');

/** A table of text with separators: the column with the value is named, or found by its title. */
export const csv = defineFormat({
  name: 'csv',
  summary: 'a table with commas, tabs or semicolons; `column` names the one with the value',

  sniff(head) {
    const [line = ''] = firstLines(head);
    const titles = cellsOf(line, separatorOf(line)) ?? [];
    if (titles.length > 1 && titles.some((title) => values.includes(title.toLowerCase()))) return 0.8;
    for (const remark of linesOf(head)) {
      if (typeof remark !== 'string' || !remark.startsWith('#')) break;
      const hidden = cellsOf(remark.replace(/^#+\s*/, ''), ',') ?? [];
      if (hidden.length > 1 && hidden.length === titles.length && hidden.some((one) => values.includes(one)))
        return 0.8;
    }
    return 0;
  },

  *read(text, { column }) {
    const wanted = column?.toLowerCase();
    const titled = (cells: string[]) =>
      cells.some((cell) => cell === wanted || (values.includes(cell) && 'refused' in entryOf(cell)));
    for (const row of rowsOf(text, titled)) {
      if ('refused' in row) {
        yield row;
        continue;
      }
      const value = wanted !== undefined ? cell(row, [wanted]) : (cell(row, values) ?? row.cells[0]);
      if (value === undefined) yield { refused: 'no such column' };
      else
        yield entryOf(value, {
          family: cell(row, families),
          first: timeOf(cell(row, firsts)),
          last: timeOf(cell(row, lasts)),
          note: cell(row, notes),
        });
    }
  },
});

/** The first of these columns that has something in it. */
function cell({ cells, columns }: Cells, titles: string[]): string | undefined {
  for (const title of titles) {
    const column = columns.get(title);
    if (column !== undefined && cells[column]) return cells[column];
  }
  return undefined;
}
