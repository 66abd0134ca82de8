import { createHash } from 'node:crypto';
import { header } from '../../emulators/http-request.ts';
import { type Answer, type Framing, reasons } from '../answer.ts';
import { isRead, type WebServer } from '../server.ts';

/** lighttpd, as Debian's 1.4.69 answered on loopback. What it cannot read as a request it answers as HTTP/1.0. */
export const lighttpd: WebServer = {
  rules: {
    eager: false,
    method: /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/,
    version: 505,
    escape: 0,
    line: 431,
    header: { status: 431 },
    coding: 501,
  },

  failure: (status) => ({
    status,
    kind: 'error',
    type: 'text/html',
    body: `<?xml version="1.0" encoding="iso-8859-1"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"\n         "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">\n <head>\n  <title>${status} ${reasons[status]}</title>\n </head>\n <body>\n  <h1>${status} ${reasons[status]}</h1>\n </body>\n</html>\n`,
    close: [400, 413, 431, 501, 505].includes(status),
  }),

  method(about) {
    const { method, target } = about.request;
    // An address in the request line that is not the one in `Host`.
    const named = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(target)?.[1];
    if (named !== undefined && named !== header(about.request, 'host')) return lighttpd.failure(400, about);
    if (isRead(method) || method === 'POST') return undefined;
    if (method === 'OPTIONS')
      return {
        status: 200,
        kind: 'error',
        type: '',
        body: '',
        headers: [['Allow', 'OPTIONS, GET, HEAD, POST']],
      };
    return lighttpd.failure(method === 'CONNECT' ? 400 : 501, about);
  },

  frame(answer: Answer, { server, now, keepAlive, version, head }: Framing): string {
    if (version === 9) return answer.body;
    const { status, kind, body, modifiedAt = 0 } = answer;
    const early = [431, 505].includes(status) || version === 10;
    const lines = [`HTTP/1.${early ? 0 : 1} ${status} ${reasons[status] ?? 'OK'}`];
    const chunked = kind === 'script' && version === 11;
    for (const [name, value] of answer.headers ?? []) lines.push(`${name}: ${value}`);
    if (answer.type !== '') lines.push(`Content-Type: ${answer.type ?? 'text/html'}`);
    if (kind === 'file') {
      const tag = createHash('sha1').update(`${modifiedAt} ${body.length}`).digest().readUInt32BE(0);
      lines.push(`ETag: "${tag}"`, `Last-Modified: ${new Date(modifiedAt).toUTCString()}`);
    }
    if (kind !== 'script') lines.push(`Content-Length: ${body.length}`);
    if (kind === 'file' && version === 11) lines.push('Accept-Ranges: bytes');
    if (chunked) lines.push('Transfer-Encoding: chunked');
    if (!keepAlive) lines.push('Connection: close');
    lines.push(`Date: ${new Date(now).toUTCString()}`, `Server: ${server}`);
    const top = `${lines.join('\r\n')}\r\n\r\n`;
    if (head) return top;
    if (!chunked) return top + body;
    return `${top}${body ? `${body.length.toString(16)}\r\n${body}\r\n` : ''}0\r\n\r\n`;
  },
};
