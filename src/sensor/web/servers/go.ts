import { type Answer, type Framing, reasons } from '../answer.ts';
import type { WebServer } from '../server.ts';

/** Go's net/http, which shows no `Server`: headers in the order of the alphabet, then `Date` and `Content-Length` (`header.go`, `server.go`). */
export const go: WebServer = {
  rules: {
    eager: false,
    method: /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/,
    version: 505,
    escape: 0,
    line: 0,
    header: { status: 0 },
    coding: 501,
  },

  failure(status, { request }) {
    const named = request.headers.some(([name]) => name.toLowerCase() === 'host');
    const why =
      status === 505
        ? ': unsupported protocol version'
        : status === 501
          ? ': Unsupported transfer encoding'
          : status === 400 && request.version === 11 && !named && request.headers.length > 0
            ? ': missing required Host header'
            : '';
    return {
      status,
      kind: 'error',
      type: 'text/plain; charset=utf-8',
      body: `${status} ${reasons[status]}${why}`,
      close: true,
    };
  },

  method: () => undefined,

  frame(answer: Answer, { now, keepAlive, version, head }: Framing): string {
    const { status, body, type = 'text/plain; charset=utf-8', headers = [] } = answer;
    const first = `HTTP/1.${version === 10 ? 0 : 1} ${status} ${reasons[status] ?? 'OK'}`;
    // What is refused before there is a request has neither date nor length.
    if (answer.kind === 'error')
      return `${first}\r\nContent-Type: ${type}\r\nConnection: close\r\n\r\n${body}`;
    const sorted = [...headers, ['Content-Type', type] as [string, string]].sort(([a], [b]) =>
      a < b ? -1 : 1,
    );
    const lines = [
      first,
      ...sorted.map(([name, value]) => `${name}: ${value}`),
      `Date: ${new Date(now).toUTCString()}`,
      `Content-Length: ${body.length}`,
      ...(keepAlive ? [] : ['Connection: close']),
    ];
    return `${lines.join('\r\n')}\r\n\r\n${head ? '' : body}`;
  },
};
