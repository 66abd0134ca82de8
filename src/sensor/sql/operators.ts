import type { Expression, Value } from './expression.ts';

export const aggregates = new Set([
  'count',
  'sum',
  'min',
  'max',
  'avg',
  'group_concat',
  'string_agg',
  'array_agg',
]);

export function hasAggregate(expression: Expression): boolean {
  if (expression.kind === 'call')
    return aggregates.has(expression.name) || expression.args.some(hasAggregate);
  if (expression.kind === 'binary') return hasAggregate(expression.left) || hasAggregate(expression.right);
  if (expression.kind === 'cast' || expression.kind === 'unary') return hasAggregate(expression.value);
  return false;
}

export function aggregate(name: string, values: Value[], separator: Value): Value {
  if (name === 'count') return values.length;
  if (values.length === 0) return null;
  if (name === 'group_concat') return values.join(',');
  if (name === 'string_agg') return values.join(String(separator));
  if (name === 'array_agg') return `{${values.join(',')}}`;
  if (name === 'min') return values.reduce((a, b) => (compare(a, b) <= 0 ? a : b));
  if (name === 'max') return values.reduce((a, b) => (compare(a, b) >= 0 ? a : b));
  const sum = values.reduce<number>((total, value) => total + Number(value), 0);
  return name === 'sum' ? sum : sum / values.length;
}

export function logic(a: boolean | null, b: boolean | null, and: boolean): boolean | null {
  if (a === !and || b === !and) return !and;
  return a === null || b === null ? null : and;
}

export function arithmetic(op: string, a: number, b: number): Value {
  if (op === '+') return a + b;
  if (op === '-') return a - b;
  if (op === '*') return a * b;
  if (op === '/') return b === 0 ? null : a / b;
  if (op === '%' || op === 'mod') return b === 0 ? null : a % b;
  if (op === 'div') return b === 0 ? null : Math.trunc(a / b);
  if (op === '&') return a & b;
  if (op === '|') return a | b;
  if (op === '^') return a ^ b;
  return null;
}

/** Orders two values: numbers as such, words without case. */
export function compare(a: Value, b: Value): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  if (typeof a !== 'string' || typeof b !== 'string') {
    const x = Number(a);
    const y = Number(b);
    if (!Number.isNaN(x) && !Number.isNaN(y)) return x - y;
  }
  const x = String(a).toLowerCase();
  const y = String(b).toLowerCase();
  return x < y ? -1 : x > y ? 1 : 0;
}

/** LIKE without a regular expression: linear in both, whatever the pattern. */
export function like(text: string, pattern: string): boolean {
  const words = text.toLowerCase();
  const marks = pattern.toLowerCase();
  let t = 0;
  let p = 0;
  let star = -1;
  let resume = 0;
  while (t < words.length) {
    const escaped = marks[p] === '\\' && p + 1 < marks.length;
    const mark = escaped ? marks[p + 1] : marks[p];
    if (mark === '%' && !escaped) {
      star = p++;
      resume = t;
    } else if (p < marks.length && (mark === words[t] || (mark === '_' && !escaped))) {
      p += escaped ? 2 : 1;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else return false;
  }
  while (marks[p] === '%') p++;
  return p === marks.length;
}

/** What clients match by regular expression is plain text with anchors; an attacker's pattern is never compiled. */
export function resembles(text: string, pattern: string): boolean {
  const from = pattern.startsWith('^') ? pattern.slice(1) : pattern;
  const body = (from.endsWith('$') ? from.slice(0, -1) : from)
    .replace(/^\((.*)\)$/s, '$1')
    .replaceAll('\\', '');
  return body.split('|').some((each) => {
    if (pattern.startsWith('^')) return from.endsWith('$') ? text === each : text.startsWith(each);
    return from.endsWith('$') ? text.endsWith(each) : text.includes(each.replaceAll('.*', ''));
  });
}

export function distinct<T>(list: T[], key: (each: T) => Value[]): T[] {
  const seen = new Set<string>();
  return list.filter((each) => {
    const text = JSON.stringify(key(each));
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}

export const same = (a: string, b: string) => a === b || a.toLowerCase() === b.toLowerCase();
