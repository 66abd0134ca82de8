import { canonicalIp } from '../../../kit/ip.ts';
import { defineFormat } from '../format.ts';
import { firstLines, linesOf, share } from '../lines.ts';
import { entryOf } from '../value.ts';

/** What a machine calls itself in its own hosts file: no list means these. */
const own = new Set(
  'localhost localhost.localdomain local broadcasthost ip6-localhost ip6-loopback ip6-localnet ip6-mcastprefix ip6-allnodes ip6-allrouters ip6-allhosts 0.0.0.0'.split(
    ' ',
  ),
);

/** hosts(5) with an address that leads nowhere before each name: it is the name that is bad. */
export const hosts = defineFormat({
  name: 'hosts',
  summary: 'hosts file',

  sniff: (head) =>
    share(firstLines(head), (line) => /^(?:0\.0\.0\.0|127\.\d+\.\d+\.\d+|::1?)\s+\S/.test(line)),

  *read(text) {
    for (const line of linesOf(text)) {
      if (typeof line !== 'string') {
        yield line;
        continue;
      }
      const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
      if (address === '') continue;
      if (names.length === 0 || canonicalIp(address.replace(/%.*/, '')) === null)
        yield { refused: 'not of this form' };
      else for (const name of names) if (!own.has(name)) yield entryOf(name, {}, 'domain');
    }
  },
});
