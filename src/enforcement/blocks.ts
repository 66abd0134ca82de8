import { parsePrefix, prefixText } from '../kit/ip.ts';
import { holds } from '../kit/special-blocks.ts';

/** The blocks that no other one holds, IPv4 and IPv6 apart: blocks nest or are disjoint, so these never overlap. */
export function outermost(blocks: Iterable<string>): { v4: string[]; v6: string[] } {
  const parsed = [...blocks].flatMap((text) => parsePrefix(text) ?? []);
  parsed.sort((a, b) => a.bits - b.bits);
  const kept: typeof parsed = [];
  for (const block of parsed) if (!kept.some((outer) => holds(outer, block))) kept.push(block);
  const texts = kept.map(prefixText);
  return { v4: texts.filter((text) => !text.includes(':')), v6: texts.filter((text) => text.includes(':')) };
}
