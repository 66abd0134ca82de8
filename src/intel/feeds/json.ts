import { FeedProblem } from './format.ts';
import { feedLimits } from './limits.ts';

export type Row = Record<string, unknown>;

export const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Parses a whole file of JSON. Throws `FeedProblem` where it is none, or nested too deep. */
export function parseJson(text: string): unknown {
  if (depthOf(text) > feedLimits.depth) throw new FeedProblem('its JSON is nested too deep');
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FeedProblem('it is no JSON', { cause });
  }
}

/** How deep braces and brackets outside of strings lie within each other. */
function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (quoted) {
      if (code === 0x5c) i++;
      else if (code === 0x22) quoted = false;
    } else if (code === 0x22) quoted = true;
    else if (code === 0x7b || code === 0x5b) most = Math.max(most, ++depth);
    else if (code === 0x7d || code === 0x5d) depth--;
  }
  return most;
}
