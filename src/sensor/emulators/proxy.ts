import { z } from 'zod';
import { socks4, socks5 } from '../catchall/socks.ts';
import { defineEmulator, type Wire } from '../emulator.ts';

const headLimit = 65_536;

/**
 * Open proxy that finds no way out: SOCKS (RFC 1928) or HTTP (RFC 9110 §9.3.6), by the first byte. Where to is told with what was asked
 * for; nothing is ever relayed, resolved or dialled.
 */
export const proxy = defineEmulator({
  name: 'proxy',
  summary: 'Proxy, HTTP and SOCKS: tells where to, relays nothing',
  port: 3128,
  highPort: 3128,
  options: z.strictObject({
    /** Whether it asks for a login first. */
    login: z.boolean().default(false),
    realm: z
      .string()
      .max(64)
      .regex(/^[^"\r\n]*$/)
      .default('Squid proxy-caching web server'),
  }),

  async session(wire, { login, realm }) {
    const first = await wire.read();
    if (first === null) return;
    wire.unread(first);
    if (first[0] === 5) return socks5(wire);
    if (first[0] === 4) return socks4(wire);
    for (let lines = await head(wire); lines !== null; lines = await head(wire)) {
      const [, method = '', target = ''] = /^([A-Za-z]+) (\S+) HTTP\/1\.[01]\s*$/.exec(lines[0] ?? '') ?? [];
      const headers = lines.slice(1).flatMap((line): [string, string][] => {
        const at = line.indexOf(':');
        return at > 0 ? [[line.slice(0, at).slice(0, 8_192), line.slice(at + 1).trim()]] : [];
      });
      const value = (name: string) => headers.find(([one]) => one.toLowerCase() === name)?.[1];
      const pair = credentials(value('proxy-authorization'));
      if (pair) wire.emit({ kind: 'login', ...pair, ok: !login, method: 'proxy-basic' });
      const to = method ? destination(method, target) : null;
      const status = !method ? 400 : to === null ? 400 : login ? 407 : 503;
      wire.emit({
        kind: 'request',
        method: method || '?',
        target: target.slice(0, 65_536),
        status,
        headers: headers.slice(0, 256),
      });
      if (to && !login) wire.emit({ kind: 'forward', ...to, detail: { how: `http ${method}`.slice(0, 64) } });
      wire.send(page(status, realm, wire));
      if (status !== 407) return;
    }
  },
});

async function head(wire: Wire): Promise<string[] | null> {
  const lines: string[] = [];
  let size = 0;
  for (let line = await wire.line(); line !== ''; line = await wire.line()) {
    if (line === null) return null;
    size += line.length + 2;
    if (size > headLimit) return null;
    lines.push(line);
  }
  return lines;
}

function credentials(value: string | undefined): { user: string; secret: string } | null {
  const [, coded] = /^basic\s+([A-Za-z0-9+/=]{1,4096})$/i.exec(value ?? '') ?? [];
  if (coded === undefined) return null;
  const text = Buffer.from(coded, 'base64').toString('latin1');
  const at = text.indexOf(':');
  return { user: at < 0 ? text : text.slice(0, at), secret: at < 0 ? '' : text.slice(at + 1) };
}

function destination(method: string, target: string): { host: string; port: number } | null {
  const [, bracketed, plain, given] =
    /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^/@]*@)?(?:\[([0-9a-fA-F:.]{2,64})\]|([^/:?#[\]]{1,255}))(?::(\d{1,5}))?/i.exec(
      target.startsWith('/') ? '' : target,
    ) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined) return null;
  const usual = method === 'CONNECT' || target.toLowerCase().startsWith('https:') ? 443 : 80;
  const port = given === undefined ? usual : Number(given);
  return port > 65_535 ? null : { host, port };
}

const reasons: Record<number, string> = {
  400: 'Bad Request',
  407: 'Proxy Authentication Required',
  503: 'Service Unavailable',
};

function page(status: number, realm: string, wire: Wire): string {
  const body = `<html><head><title>${reasons[status]}</title></head><body><h1>${reasons[status]}</h1></body></html>\n`;
  return [
    `HTTP/1.1 ${status} ${reasons[status]}`,
    `Date: ${new Date(wire.now()).toUTCString()}`,
    'Content-Type: text/html',
    `Content-Length: ${body.length}`,
    ...(status === 407 ? [`Proxy-Authenticate: Basic realm="${realm}"`] : []),
    `Via: 1.1 ${wire.persona.hostname} (squid)`,
    `Connection: ${status === 407 ? 'keep-alive' : 'close'}`,
    '',
    body,
  ].join('\r\n');
}
