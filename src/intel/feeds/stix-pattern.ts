import { feedLimits } from './limits.ts';

/** A comparison of a pattern: `file:hashes.'SHA-256' = '…'`. `values` are several with IN. */
export interface Comparison {
  /** Object type and property path, without quotes, in lower case: `file:hashes.sha-256`. */
  path: string;
  operator: string;
  negated: boolean;
  values: string[];
}

/** A pattern as a tree. `all` also stands for what follows each other in time or is bound to a time. */
export type Pattern = Comparison | { any: Pattern[] } | { all: Pattern[] };

const token =
  /\s*(?:([[\]()])|('(?:[^'\\]|\\.)*')|(<=|>=|!=|<>|==|=|<|>)|(,)|([A-Za-z0-9_:*+-]+(?:\[(?:\*|\d+)\])?(?:\.(?:[A-Za-z0-9_:-]+|'(?:[^'\\]|\\.)*')(?:\[(?:\*|\d+)\])?)*))/uy;

/**
 * Reads a STIX 2.1 pattern (OASIS STIX 2.1 §9) as far as one needs it to see what it compares. Null where it is none, or over
 * a limit: nobody guesses at half of a pattern.
 */
export function readPattern(text: string): Pattern | null {
  if (text.length > feedLimits.patternChars) return null;
  const tokens = tokensOf(text);
  if (tokens === null) return null;
  let at = 0;
  let comparisons = 0;
  const peek = () => tokens[at];
  const word = (...words: string[]) => {
    const next = peek()?.toUpperCase();
    if (next === undefined || !words.includes(next)) return false;
    at++;
    return true;
  };
  const fail = (): never => {
    throw new SyntaxError('not a pattern');
  };
  const need = (one: string) => word(one) || fail();

  function joined(part: (depth: number) => Pattern, depth: number, all: string[]): Pattern {
    const any: Pattern[] = [];
    let each = [part(depth)];
    for (;;) {
      if (word(...all)) each.push(part(depth));
      else {
        any.push(each.length === 1 ? each[0]! : { all: each });
        if (!word('OR')) return any.length === 1 ? any[0]! : { any };
        each = [part(depth)];
      }
    }
  }

  /** `[ … ]`, or several in parentheses, with what binds them to a time. */
  function observation(depth: number): Pattern {
    if (depth > feedLimits.patternDepth) fail();
    let made: Pattern;
    if (word('[')) {
      made = joined(comparison, depth + 1, ['AND']);
      need(']');
    } else {
      need('(');
      made = joined(observation, depth + 1, ['AND', 'FOLLOWEDBY']);
      need(')');
    }
    for (;;) {
      // START t'…' STOP t'…', of which the letters are words of their own.
      if (word('START')) at += 5;
      else if (word('WITHIN', 'REPEATS')) at += 2;
      else return made;
      if (at > tokens!.length) fail();
      made = { all: [made, made] };
    }
  }

  function comparison(depth: number): Pattern {
    if (depth > feedLimits.patternDepth || ++comparisons > feedLimits.comparisons) fail();
    if (word('(')) {
      const inner = joined(comparison, depth + 1, ['AND']);
      need(')');
      return inner;
    }
    const path = tokens![at++] ?? fail();
    if (!/^[A-Za-z0-9-]+:./.test(path)) fail();
    const negated = word('NOT');
    const operator = (tokens![at++] ?? fail()).toUpperCase();
    if (!operators.has(operator)) fail();
    const values: string[] = [];
    if (operator === 'IN') {
      need('(');
      do values.push(value());
      while (word(','));
      need(')');
    } else values.push(value());
    return { path: path.replaceAll("'", '').toLowerCase(), operator, negated, values };
  }

  function value(): string {
    const text = tokens![at++] ?? fail();
    if (!/^['\w+-]/.test(text)) fail();
    return text.startsWith("'") ? text.slice(1, -1).replace(/\\([\\'])/g, '$1') : text;
  }

  try {
    const pattern = joined(observation, 0, ['AND', 'FOLLOWEDBY']);
    return at === tokens.length ? pattern : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

const operators = new Set([
  '=',
  '==',
  '!=',
  '<>',
  '<',
  '>',
  '<=',
  '>=',
  'IN',
  'LIKE',
  'MATCHES',
  'ISSUBSET',
  'ISSUPERSET',
]);

function tokensOf(text: string): string[] | null {
  const tokens: string[] = [];
  token.lastIndex = 0;
  const end = text.trimEnd().length;
  while (token.lastIndex < end) {
    const found = token.exec(text);
    if (!found) return null;
    tokens.push(found[0].trim());
  }
  return tokens;
}
