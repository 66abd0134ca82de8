import { gunzipSync, inflateSync } from 'node:zlib';
import { unescaped, unquote } from './text.ts';

/** What undoing may cost, whatever was wrapped: texts, characters in all, wraps within wraps, and bytes that one inflates to. */
export const layerLimits = {
  texts: 48,
  chars: 256 * 1_024,
  depth: 6,
  inflated: 64 * 1_024,
  tries: 64,
} as const;

/**
 * The texts that a text wraps, and those that they wrap: escapes in octal, hex and Unicode, base64 (also UTF-16 and compressed),
 * hex, lists of character codes, percent escapes, names pieced together, variables. Deterministic, bounded by `layerLimits`;
 * wraps that come to nothing readable are left out.
 */
export function decodedLayers(text: string): string[] {
  const seen = new Set<string>([text]);
  const found: string[] = [];
  const queue: [text: string, depth: number][] = [[text.slice(0, layerLimits.inflated), 0]];
  let chars = 0;
  for (let at = 0; at < queue.length; at++) {
    const [given, depth] = queue[at]!;
    if (depth >= layerLimits.depth) continue;
    for (const layer of unwrap(given)) {
      if (layer.length < 4 || seen.has(layer)) continue;
      chars += layer.length;
      if (found.length >= layerLimits.texts || chars > layerLimits.chars) return found;
      seen.add(layer);
      found.push(layer);
      queue.push([layer, depth + 1]);
    }
  }
  return found;
}

function* unwrap(text: string): Generator<string> {
  if (/\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|[0-3]?[0-7]{2})/i.test(text)) yield unescaped(text);
  if (broken.test(text)) yield unquote(text);
  yield* substituted(text);
  if (/%[0-9a-f]{2}/i.test(text)) yield text.replace(/%([0-9a-f]{2})/gi, (_, hex) => char(hex, 16));
  yield* base64(text);
  yield* hex(text);
  yield* codes(text);
  if (/\brev\b|strrev|\[::-1\]|reverse\(/.test(text)) yield [...text].reverse().join('');
  if (/n-za-m|rot_?13/i.test(text)) yield rot13(text);
  yield* formatted(text);
}

/** Signs of a word that was cut. */
const broken = /['"]\s{0,4}[+.]\s{0,4}['"]|''|""|[\w:/]\\[\w:/.-]|[a-z]`[a-z]|\w['"][\w:/.-]|\$[@*I{]/i;

function* base64(text: string): Generator<string> {
  let tries = 0;
  for (const [run] of text.matchAll(/[A-Za-z0-9+/_-]{12,}(?:\r?\n[A-Za-z0-9+/]+)*={0,2}/g)) {
    if (++tries > layerLimits.tries) return;
    const bytes = Buffer.from(run, 'base64');
    const plain = readableBytes(bytes);
    if (plain !== undefined) yield plain;
    if (/\brev\b/.test(text)) {
      const back = readableBytes(Buffer.from([...run].reverse().join(''), 'base64'));
      if (back !== undefined) yield back;
    }
  }
}

function* hex(text: string): Generator<string> {
  let tries = 0;
  for (const [run] of text.matchAll(/(?:0x)?[0-9a-f]{16,}|(?:\b[0-9a-f]{2}[ :,]){8,}[0-9a-f]{2}\b/gi)) {
    if (++tries > layerLimits.tries) return;
    const plain = readableBytes(Buffer.from(run.replace(/^0x|[ :,]/g, ''), 'hex'));
    if (plain !== undefined) yield plain;
  }
}

/** `chr(104).chr(116)`, `[char]104+[char]116`, `104,116,116,112`: character codes, ten at least where nothing else tells them. */
function* codes(text: string): Generator<string> {
  let tries = 0;
  const lists =
    /(?:(?:chr|char)?[([]{0,2}(?:char\])?(?:0x[0-9a-f]{2}|\d{2,3})[)\]]?\s{0,2}(?:[,+.;]\s{0,2}|\s)){7,}(?:(?:chr|char)?[([]{0,2}(?:char\])?)?(?:0x[0-9a-f]{2}|\d{2,3})/gi;
  for (const [run] of text.matchAll(lists)) {
    if (++tries > layerLimits.tries) return;
    let plain = '';
    for (const [number] of run.matchAll(/0x[0-9a-f]{2}|\d{2,3}/gi))
      plain += String.fromCharCode(Number(number) & 255);
    if (readableText(plain)) yield plain;
  }
}

/** `"{1}{0}" -f 'tp://x','ht'` of PowerShell. */
function* formatted(text: string): Generator<string> {
  if (!/-f\s/i.test(text)) return;
  const made = text.replace(
    /["']((?:\{\d\}){2,10})["']\s{0,4}-f\s{0,4}((?:["'][^"']{0,256}["']\s{0,4},?\s{0,4}){2,10})/gi,
    (_, order: string, list: string) => {
      const parts = [...list.matchAll(/["']([^"']*)["']/g)].map(([, part]) => part!);
      return `'${[...order.matchAll(/\d/g)].map(([n]) => parts[Number(n)] ?? '').join('')}'`;
    },
  );
  if (made !== text) yield made;
}

/** The text with the variables that it sets itself put in. */
function* substituted(text: string): Generator<string> {
  if (!text.includes('=') || !text.includes('$')) return;
  const values = new Map<string, string>();
  for (const [, name, quoted, bare] of text.matchAll(
    /(?:^|[\s;&|({$])([A-Za-z_]\w{0,31})\s{0,2}=\s{0,2}(?:["']([^"'\n]{1,1024})["']|([^\s;&|"'`$()]{1,1024}))/g,
  )) {
    if (values.size >= 32) break;
    values.set(name!, quoted ?? bare!);
  }
  if (values.size === 0) return;
  let size = 0;
  yield text.replace(/\$\{?([A-Za-z_]\w{0,31})\}?/g, (whole, name: string) => {
    const value = values.get(name);
    size += value?.length ?? 0;
    return value === undefined || size > layerLimits.inflated ? whole : value;
  });
}

function readableBytes(bytes: Buffer): string | undefined {
  if (bytes.length < 6) return undefined;
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return inflate(bytes, gunzipSync);
  if (bytes[0] === 0x78 && ((bytes[0] << 8) | bytes[1]!) % 31 === 0) {
    const whole = inflate(bytes, inflateSync);
    if (whole !== undefined) return whole;
  }
  // UTF-16, as PowerShell's -EncodedCommand wants it.
  if (bytes[1] === 0 && bytes[3] === 0 && bytes[0] !== 0) return readableOnly(bytes.toString('utf16le'));
  return readableOnly(bytes.toString('latin1'));
}

function inflate(bytes: Buffer, open: typeof gunzipSync): string | undefined {
  try {
    return readableOnly(open(bytes, { maxOutputLength: layerLimits.inflated }).toString('latin1'));
  } catch {
    // Cut off, over the limit, or not what its first bytes say: nothing to read.
    return undefined;
  }
}

function readableOnly(text: string): string | undefined {
  return readableText(text) ? text.slice(0, layerLimits.inflated) : undefined;
}

/** Text for the most part, in its first half thousand characters. */
function readableText(text: string): boolean {
  const end = Math.min(text.length, 512);
  let good = 0;
  for (let i = 0; i < end; i++) {
    const code = text.charCodeAt(i);
    if ((code >= 32 && code < 127) || code === 10 || code === 13 || code === 9) good++;
  }
  return end >= 6 && good >= end * 0.9;
}

function rot13(text: string): string {
  return text.replace(/[a-z]/gi, (letter) => {
    const base = letter <= 'Z' ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base);
  });
}

function char(digits: string, radix: number): string {
  return String.fromCharCode(Number.parseInt(digits, radix));
}
