import { format } from './format.ts';
import { AwkFault } from './syntax.ts';

export type Value = number | string;

/** A text from outside: where it looks like a number it compares like one. */
export class Outside extends String {}

export function calculate(op: string, a: number, b: number): number {
  if ((op === '/' || op === '%') && b === 0)
    throw new AwkFault(`division by zero${op === '%' ? ' in %' : ''}`);
  const results: Record<string, number> = { '+': a + b, '-': a - b, '*': a * b, '/': a / b, '%': a % b };
  return results[op] ?? a ** b;
}

function looksNumeric(text: string): boolean {
  return /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(text);
}

export function numeric(value: Value | Outside): boolean {
  return (
    typeof value === 'number' || (value instanceof Outside && looksNumeric(value.toString())) || value === ''
  );
}

export function truth(value: Value | Outside): boolean {
  if (typeof value === 'number') return value !== 0;
  const text = value.toString();
  return value instanceof Outside && looksNumeric(text) ? Number(text) !== 0 : text !== '';
}

export function toNumber(value: Value | Outside): number {
  if (typeof value === 'number') return value;
  return Number.parseFloat(
    /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?/i.exec(value.toString().slice(0, 64))?.[0] ?? '0',
  );
}

export function toText(value: Value | Outside): string {
  if (typeof value !== 'number') return value.toString();
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? String(value) : format('%.6g', [value]);
}

export const plain = (value: Value | Outside): Value => (value instanceof Outside ? value.toString() : value);
