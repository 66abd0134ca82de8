/** A request as it came (RFC 3261 §7.1); header names in their long form and lower case, in their order. */
export interface Request {
  method: string;
  uri: string;
  headers: [string, string][];
  body: string;
}

const headerLimit = 64;
/** RFC 3261 §7.3.3, as far as we read them. */
const compact: Record<string, string> = {
  v: 'via',
  f: 'from',
  t: 'to',
  i: 'call-id',
  m: 'contact',
  l: 'content-length',
  c: 'content-type',
  k: 'supported',
};

/** Reads a request line and headers; null where it is none, which is not answered. */
export function readRequest(head: string, body: string): Request | null {
  const lines = head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const [, method, uri] = /^([A-Za-z]{1,32}) ([^ ]{1,2048}) SIP\/2\.0 *$/.exec(lines[0]!) ?? [];
  if (method === undefined || uri === undefined) return null;
  const headers: [string, string][] = [];
  for (const line of lines.slice(1, 1 + headerLimit)) {
    const [, name, value] = /^([A-Za-z0-9-]{1,64})[ \t]*:[ \t]*(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    const long = name.toLowerCase();
    headers.push([compact[long] ?? long, value.trimEnd()]);
  }
  return { method: method.toUpperCase(), uri, headers, body };
}

export function header({ headers }: Request, wanted: string): string | undefined {
  return headers.find(([name]) => name === wanted)?.[1];
}

/** The parameters of `Digest …` (RFC 2617 §3.2.2), by lower-case name; undefined for another scheme. */
export function digestOf(value: string | undefined): Record<string, string> | undefined {
  if (!value || !/^digest\s/i.test(value)) return undefined;
  const found: Record<string, string> = {};
  for (const [, name = '', quoted, bare] of value
    .slice(7)
    .matchAll(/([a-z]+)\s*=\s*(?:"([^"]*)"|([^\s,]*))/gi))
    found[name.toLowerCase()] ??= quoted ?? bare ?? '';
  return found;
}

/** What a server says that adds `more` to what it repeats of the request (RFC 3261 §8.2.6.2). */
export function response(
  request: Request,
  status: string,
  from: { ip: string; port: number; tag: string },
  more: readonly string[],
  short = false,
): string {
  const names = short
    ? { via: 'v', from: 'f', to: 't', 'call-id': 'i', cseq: 'CSeq', length: 'l' }
    : { via: 'Via', from: 'From', to: 'To', 'call-id': 'Call-ID', cseq: 'CSeq', length: 'Content-Length' };
  const gap = short ? ':' : ': ';
  const lines = [`SIP/2.0 ${status}`];
  let top = true;
  for (const [name, value] of request.headers)
    if (name === 'via') {
      lines.push(`${names.via}${gap}${top ? received(value, from) : value}`);
      top = false;
    }
  for (const name of ['from', 'to', 'call-id', 'cseq'] as const) {
    const value = header(request, name);
    if (value === undefined) continue;
    const tagged = name === 'to' && !/;\s*tag=/i.test(value) ? `${value};tag=${from.tag}` : value;
    lines.push(`${names[name]}${gap}${tagged}`);
  }
  lines.push(...more, `${names.length}${gap}0`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** Where the request came from (RFC 3261 §18.2.1, RFC 3581 §4). */
function received(via: string, { ip, port }: { ip: string; port: number }): string {
  const host = /^SIP\/2\.0\/\w+\s+\[?([^\]:;\s]+)/i.exec(via)?.[1];
  const asks = /;\s*rport(?=;|$|\s)/i.test(via);
  if (asks) return `${via.replace(/;\s*rport(?=;|$|\s)/i, '')};received=${ip};rport=${port}`;
  return host === ip ? via : `${via};received=${ip}`;
}
