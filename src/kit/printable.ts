import { readable } from './readable.ts';

/**
 * Text made safe for a terminal or a log: bytes that are UTF-8 are read as such, control characters, escape sequences,
 * bidirectional overrides and lone surrogates become visible escapes, and the rest is cut at `limit` characters.
 */
export function printable(text: string, limit = Number.POSITIVE_INFINITY): string {
  const whole = readable(text);
  const cut = whole.length > limit ? `${whole.slice(0, limit)}…` : whole;
  return cut.replace(unsafe, (char) => {
    if (char === '\n') return '\\n';
    if (char === '\r') return '\\r';
    if (char === '\t') return '\\t';
    const code = char.charCodeAt(0);
    return code < 256
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** A value as one line of JSON that a terminal shows and never obeys: what JSON itself leaves raw (C1, bidirectional overrides) is escaped. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value).replace(
    unsafe,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

// C0, DEL, C1; soft hyphen; zero-width and bidirectional controls (UAX #9); line separators; lone surrogates; BOM.
const unsafe =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
