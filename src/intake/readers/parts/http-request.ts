import type { BodyOf } from '../../../model/event.ts';

const requestLine = /^([A-Z][A-Z_-]{1,31}) (\S[^\r\n]*?)(?: HTTP\/\d(?:\.\d)?)?\r?\n/;

/**
 * The first bytes of a connection, one character a byte, as a request of HTTP/1 (RFC 9112 §3), or null. Nothing is
 * rejected for its form: what is malformed is what a defender wants to see.
 */
export function httpRequest(words: string): BodyOf<'request'> | null {
  const line = requestLine.exec(words);
  if (line === null || !/ HTTP\/\d/.test(line[0])) return null;
  const headers: [string, string][] = [];
  let at = line[0].length;
  while (at < words.length && headers.length < 256) {
    const end = words.indexOf('\n', at);
    const field = words.slice(at, end < 0 ? words.length : end).replace(/\r$/, '');
    at = end < 0 ? words.length : end + 1;
    if (field === '') break;
    const colon = field.indexOf(':');
    const name = colon < 0 ? field : field.slice(0, colon);
    headers.push([name.slice(0, 8_192), colon < 0 ? '' : field.slice(colon + 1).trim()]);
  }
  const request: BodyOf<'request'> = {
    kind: 'request',
    method: line[1]!,
    target: line[2]!,
    status: 0,
    headers,
  };
  if (at < words.length) request.body = words.slice(at);
  return request;
}
