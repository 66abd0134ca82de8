import { createHash } from 'node:crypto';
import { type Answer, type Framing, reasons } from '../answer.ts';
import { isRead, type WebServer } from '../server.ts';

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Uvicorn with h11 and FastAPI, as Debian's uvicorn 0.17.6 answered on loopback: it reads leniently, and names headers in small letters. */
export const uvicorn: WebServer = {
  rules: { eager: false, method: token, version: 0, escape: 0, line: 0, header: { status: 0 }, coding: 400 },

  failure: (status) =>
    status === 404 || status === 405
      ? {
          status,
          kind: 'error',
          type: 'application/json',
          body: `{"detail":"${reasons[status]}"}`,
          ...(status === 405 ? { headers: [['allow', 'GET']] } : {}),
        }
      : {
          status: status === 413 ? 413 : 400,
          kind: 'error',
          type: 'text/plain; charset=utf-8',
          body: 'Invalid HTTP request received.',
          close: true,
        },

  method(about, page) {
    const { method } = about.request;
    if (!page || isRead(method) || method === 'POST') return undefined;
    return uvicorn.failure(405, about);
  },

  frame(answer: Answer, { server, now, keepAlive, version, head }: Framing): string {
    if (version === 9) return '';
    const { status, kind, body, modifiedAt = 0 } = answer;
    const lines = [`HTTP/1.1 ${status} ${reasons[status] ?? 'OK'}`];
    const malformed = body === 'Invalid HTTP request received.';
    if (!malformed) lines.push(`date: ${new Date(now).toUTCString()}`, `server: ${server}`);
    const type = `content-type: ${answer.type ?? 'text/html; charset=utf-8'}`;
    for (const [name, value] of answer.headers ?? []) lines.push(`${name.toLowerCase()}: ${value}`);
    if (malformed) lines.push(type);
    else if (kind === 'file')
      lines.push(
        type,
        `content-length: ${body.length}`,
        `last-modified: ${new Date(modifiedAt).toUTCString()}`,
        `etag: ${createHash('md5')
          .update(`${modifiedAt / 1_000}-${body.length}`)
          .digest('hex')}`,
      );
    else lines.push(`content-length: ${body.length}`, type);
    if (!keepAlive) lines.push('Connection: close');
    return `${lines.join('\r\n')}\r\n\r\n${head ? '' : body}`;
  },
};
