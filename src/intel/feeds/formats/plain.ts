import { defineFormat } from '../format.ts';
import { firstLines, linesOf, share } from '../lines.ts';
import { entryOf } from '../value.ts';

/** One value a line; what follows it after a blank is a remark. */
export const plain = defineFormat({
  name: 'plain',
  summary: 'one name, address, URL or hash a line',

  // Other formats are more than this one: where they fit as well, they are preferred.
  sniff: (head) => 0.5 * share(firstLines(head), (line) => !('refused' in entryOf(line.split(/\s/, 1)[0]!))),

  *read(text) {
    for (const line of linesOf(text)) {
      if (typeof line !== 'string') {
        yield line;
        continue;
      }
      const value = line.trim().split(/\s/, 1)[0]!;
      if (value !== '' && !/^(?:[#;!]|\/\/)/.test(value)) yield entryOf(value);
    }
  },
});
