import { canonicalIp } from '../../../kit/ip.ts';
import { Reject } from '../../reader.ts';

/** Made once: a thrown constant costs no stack trace, and bad lines are cheap for whoever sends them. */
const notJson = new Reject('not JSON');
const notObject = new Reject('not a JSON object');
const badField = new Reject('a field is missing or has the wrong type');
const badAddress = new Reject('an address is missing or is none');
const badPort = new Reject('a port is missing or is none');
const badTime = new Reject('the time is missing or cannot be read');

/** A JSON line as an object; keys are attackers' text only in its values. */
export type Row = Record<string, unknown>;

export function row(line: string): Row {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw notJson;
  }
  return object(value, notObject);
}

export function object(value: unknown, otherwise: Reject = badField): Row {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw otherwise;
  return value as Row;
}

/** A text field cut at its limit; absent or null is empty. Numbers are told as text: Cowrie logs some that way. */
export function text(value: unknown, limit: number): string {
  if (typeof value === 'string') return value.length > limit ? value.slice(0, limit) : value;
  if (value === undefined || value === null) return '';
  if (typeof value === 'number') return String(value);
  throw badField;
}

/** A text field that must be there, and not empty. */
export function name(value: unknown, limit: number): string {
  if (typeof value !== 'string' || value === '') throw badField;
  return value.length > limit ? value.slice(0, limit) : value;
}

/** A count, from a number or a decimal text; absent is 0. Never negative, never past 2^53. */
export function count(value: unknown): number {
  const number =
    typeof value === 'string' ? Number(value) : value === undefined || value === null ? 0 : value;
  if (typeof number !== 'number' || !(number >= 0) || number > Number.MAX_SAFE_INTEGER) throw badField;
  return Math.round(number);
}

export function address(value: unknown): string {
  const ip = typeof value === 'string' ? canonicalIp(value) : null;
  if (ip === null) throw badAddress;
  return ip;
}

export function port(value: unknown): number {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 0 || number > 65_535) throw badPort;
  return number;
}

/** What a time parser of `time.ts` gave; NaN is no time. */
export function moment(ms: number): number {
  if (!(ms >= 0 && ms <= Number.MAX_SAFE_INTEGER)) throw badTime;
  return ms;
}

/** How many of the lines pass, from 0 to 1: what `sniff` answers. */
export function share(lines: string[], looks: (line: string) => boolean): number {
  let hits = 0;
  for (const line of lines) if (looks(line)) hits++;
  return lines.length === 0 ? 0 : hits / lines.length;
}
