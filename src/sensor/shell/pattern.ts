/** Patterns over this length, and pairs over this product of lengths, match only what is the same. */
const patternLimit = 1_024;
const workLimit = 1_048_576;

/**
 * Whether a text matches a shell pattern (POSIX XCU §2.13): `*`, `?`, `[…]`, backslash. Goes back only to the last star, so
 * that no pattern costs more than its length times the text's.
 */
export function matches(pattern: string, text: string): boolean {
  if (pattern.length > patternLimit || pattern.length * text.length > workLimit) return pattern === text;
  let p = 0;
  let t = 0;
  let starP = -1;
  let starT = 0;
  while (t < text.length) {
    const step = p < pattern.length ? one(pattern, p, text[t]!) : 0;
    if (pattern[p] === '*') {
      starP = p++;
      starT = t;
    } else if (step > 0) {
      p += step;
      t++;
    } else if (starP >= 0) {
      p = starP + 1;
      t = ++starT;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

/** How many characters of the pattern at `p` match this one character; 0 where they do not. */
function one(pattern: string, p: number, char: string): number {
  const mark = pattern[p];
  if (mark === '?') return 1;
  if (mark === '\\' && p + 1 < pattern.length) return pattern[p + 1] === char ? 2 : 0;
  if (mark !== '[') return mark === char ? 1 : 0;
  const end = pattern.indexOf(']', p + 2);
  if (end < 0) return char === '[' ? 1 : 0;
  let set = pattern.slice(p + 1, end);
  const negated = set[0] === '!' || set[0] === '^';
  if (negated) set = set.slice(1);
  let found = false;
  for (let i = 0; i < set.length; i++) {
    if (set[i + 1] === '-' && i + 2 < set.length) {
      if (set[i]! <= char && char <= set[i + 2]!) found = true;
      i += 2;
    } else if (set[i] === char) found = true;
  }
  return found !== negated ? end + 1 - p : 0;
}

/** A text as a pattern that matches only itself. */
export function literal(text: string): string {
  return text.replace(/[\\*?[\]]/g, '\\$&');
}

export function hasPattern(text: string): boolean {
  return /[*?[]/.test(text);
}
