import { normalName } from '../../kit/domain-name.ts';
import { canonicalIp, isIpv4, isMapped, parsePrefix, prefixText } from '../../kit/ip.ts';
import { printable } from '../../kit/printable.ts';
import type { EntryType, FeedEntry, Found, Refusal } from './format.ts';
import { feedLimits } from './limits.ts';

/** Digits of MD5, SHA-1, SHA-256 and SHA-512. */
const hashLengths = new Set([32, 40, 64, 128]);
const schemes = new Set(['http:', 'https:', 'ftp:']);
const scheme = /^[a-z][a-z0-9+.-]*:\/\//i;
/** Bits of the widest blocks that mean anything. */
const widest = { v4: 8, v6: 19 };

type Value = Pick<FeedEntry, 'type' | 'value'> | { refused: Refusal };
const refuse = (refused: Refusal): Value => ({ refused });
const none = refuse('no name, address, URL or hash');

/** What else is known of an entry, as it stands in the file. */
export interface Told {
  family?: unknown;
  first?: number | undefined;
  last?: number | undefined;
  note?: unknown;
}

/** An entry of a value as a file spells it. `type` where the file says what it is; found by its form where it does not. */
export function entryOf(text: string, told: Told = {}, type?: EntryType): Found {
  const value = type ? ofType[type](text.trim()) : guess(text.trim());
  if ('refused' in value) return value;
  const entry: FeedEntry = { type: value.type, value: value.value };
  const family = words(told.family, feedLimits.familyChars);
  const note = words(told.note, feedLimits.noteChars);
  if (family) entry.family = family;
  if (told.first !== undefined) entry.first = told.first;
  if (told.last !== undefined) entry.last = told.last;
  if (note) entry.note = note;
  return entry;
}

/** Milliseconds since the epoch of `2026-01-31 12:00:00`, with or without zone (UTC then), of RFC 3339, or of Unix seconds. */
export function timeOf(text: unknown): number | undefined {
  if (text === undefined || text === '') return undefined;
  const time =
    typeof text === 'number' || (typeof text === 'string' && /^\d{9,10}$/.test(text))
      ? Number(text) * 1_000
      : typeof text === 'string'
        ? Date.parse(text.trim().replace(dated, '$1T$2Z'))
        : Number.NaN;
  return time >= 0 && time < Date.UTC(2200, 0) ? Math.round(time) : undefined;
}
const dated = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d{1,9})?)(?: ?(?:UTC|Z))?$/;

function words(text: unknown, limit: number): string {
  return typeof text === 'string' && text !== '' ? printable(text.slice(0, 4 * limit).trim(), limit) : '';
}

const ofType: Record<EntryType, (text: string) => Value> = {
  domain(text) {
    const name = normalName(text.replace(/^(?:\*\.|\.)/, ''));
    if (name === null) return none;
    if (name.includes('*')) return refuse('a pattern of names');
    return name.includes('.') ? { type: 'domain', value: name } : refuse('a single label');
  },
  ip(text) {
    if (text.includes('/')) return ofType.cidr(text);
    const value = canonicalIp(text);
    return value === null ? none : { type: 'ip', value };
  },
  'ip:port'(text) {
    const [, bracketed, plain, digits = ''] = /^(?:\[([^\]]+)\]|([^:]+)):([1-9]\d{0,4})$/.exec(text) ?? [];
    const ip = canonicalIp(bracketed ?? plain ?? '');
    if (ip === null || Number(digits) > 65_535) return none;
    return { type: 'ip:port', value: isIpv4(ip) ? `${ip}:${digits}` : `[${ip}]:${digits}` };
  },
  cidr(text) {
    const block = parsePrefix(text);
    if (!block) return none;
    const v4 = block.bits >= 96 && isMapped(block.bytes);
    if (block.bits === 128) return { type: 'ip', value: prefixText(block).replace(/\/\d+$/, '') };
    if (block.bits < (v4 ? 96 + widest.v4 : widest.v6)) return refuse('a block that is too wide');
    return { type: 'cidr', value: prefixText(block) };
  },
  url(text) {
    if (text.length > feedLimits.urlChars) return refuse('too long');
    let url: URL;
    try {
      url = new URL(text);
    } catch {
      return none;
    }
    if (!schemes.has(url.protocol)) return refuse('a URL of another scheme');
    url.hash = '';
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (canonicalIp(host) === null && !normalName(host)?.includes('.')) return none;
    if (url.href.length > feedLimits.urlChars) return refuse('too long');
    return { type: 'url', value: url.href };
  },
  hash(text) {
    if (!hashLengths.has(text.length) || !/^[0-9a-f]+$/i.test(text)) return none;
    return { type: 'hash', value: text.toLowerCase() };
  },
};

function guess(text: string): Value {
  if (text.length > feedLimits.urlChars) return refuse('too long');
  const hash = ofType.hash(text);
  if (!('refused' in hash)) return hash;
  const plain = rearmed(text);
  if (scheme.test(plain)) return ofType.url(plain);
  for (const type of ['ip', 'ip:port'] as const) {
    const value = ofType[type](plain);
    if (!('refused' in value) || value.refused === 'a block that is too wide') return value;
  }
  // A host and a path is how many lists write a URL.
  return /^[^/]+\/./.test(plain) ? ofType.url(`http://${plain}`) : ofType.domain(plain.replace(/\/$/, ''));
}

/** Undoes how people keep a text from being clicked on: `hxxp://`, `[.]`, within the host only. */
function rearmed(text: string): string {
  const [, before = '', host = '', path = ''] = /^([a-z+]*:\/\/)?([^/]*)(.*)$/is.exec(text) ?? [];
  return before.replace(/^hxxp/i, 'http') + host.replace(/\[\.\]|\(\.\)/g, '.').replace(/\[:\]/g, ':') + path;
}

/** The host of a URL that `entryOf` made: a name or an address. */
export function hostOf(url: string): string {
  const { hostname } = new URL(url);
  return canonicalIp(hostname.replace(/^\[|\]$/g, '')) ?? normalName(hostname) ?? hostname;
}
