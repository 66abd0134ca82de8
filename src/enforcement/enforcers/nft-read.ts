import { z } from 'zod';
import { canonicalIp } from '../../kit/ip.ts';
import type { Standing } from '../enforcer.ts';

/** The parts of `nft -j list set` (libnftables-json(5)) that are read: the set's elements. */
const listing = z.object({
  nftables: z.array(z.object({ set: z.object({ elem: z.array(z.unknown()).optional() }).optional() })),
});

interface Timed {
  elem: { val: unknown; expires?: number };
}

/**
 * The elements of a set's listing. One without a timeout is not ours: it counts as standing for ever, so that a comparison
 * finds it wrong.
 */
export function readSet(part: string, json: string, now: number): Standing[] {
  const elements = listing.parse(JSON.parse(json)).nftables.flatMap(({ set }) => set?.elem ?? []);
  return elements.map((element) => {
    const timed = isTimed(element) ? element.elem : { val: element };
    const until = timed.expires === undefined ? Number.MAX_SAFE_INTEGER : now + timed.expires * 1_000;
    return { key: `${part} ${elementText(timed.val)}`, until };
  });
}

function isTimed(element: unknown): element is Timed {
  return typeof element === 'object' && element !== null && 'elem' in element;
}

const valueSchema = z.union([
  z.string(),
  z.object({ concat: z.tuple([z.string(), z.string(), z.number()]) }),
  z.object({ prefix: z.object({ addr: z.string(), len: z.number() }) }),
  z.object({ range: z.tuple([z.string(), z.string()]) }),
]);

function elementText(value: unknown): string {
  if (typeof value === 'string') return canonicalIp(value) ?? value;
  const known = valueSchema.parse(value);
  if (typeof known === 'string') return known;
  if ('concat' in known) {
    const [source, transport, port] = known.concat;
    return `${canonicalIp(source) ?? source} ${transport} ${port}`;
  }
  if ('prefix' in known) return `${canonicalIp(known.prefix.addr) ?? known.prefix.addr}/${known.prefix.len}`;
  return known.range.join('-');
}
