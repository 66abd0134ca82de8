/** Answers in nginx's own words and order of headers, as nginx 1.22.1 was seen to give them. */

import { type Answer, reasons as common, type Framing } from '../web/answer.ts';

export type { Answer } from '../web/answer.ts';

const reasons: Record<number, string> = {
  ...common,
  302: 'Moved Temporarily',
  405: 'Not Allowed',
  414: 'Request-URI Too Large',
};
/** After these nginx does not go on with the connection. */
const closing = new Set([400, 413, 414, 500, 501, 505]);
const padding = '<!-- a padding to disable MSIE and Chrome friendly error page -->\r\n'.repeat(6);

export function errorPage(server: string, status: number, { agent = '', detail = '' } = {}): Answer {
  const title = `${status} ${reasons[status]}`;
  const head = detail ? `${status} ${detail}` : title;
  const body = `<html>\r\n<head><title>${head}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n${
    detail ? `<center>${detail}</center>\r\n` : ''
  }<hr><center>${server}</center>\r\n</body>\r\n</html>\r\n`;
  const padded = /MSIE |Chrome\//.test(agent) ? body + padding : body;
  return { status, kind: 'error', body: padded, close: closing.has(status) };
}

/** An answer as bytes, one character each. */
export function frame(answer: Answer, { server, now, keepAlive, version, head }: Framing): string {
  if (version === 9) return answer.body;
  const date = new Date(now).toUTCString();
  const lines = [
    `HTTP/1.1 ${answer.status} ${reasons[answer.status] ?? 'OK'}`,
    `Server: ${server}`,
    `Date: ${date}`,
  ];
  const chunked = answer.kind === 'script' && version === 11;
  lines.push(`Content-Type: ${answer.type ?? 'text/html'}`);
  if (answer.kind !== 'script') lines.push(`Content-Length: ${answer.body.length}`);
  const { modifiedAt = 0 } = answer;
  if (answer.kind === 'file') lines.push(`Last-Modified: ${new Date(modifiedAt).toUTCString()}`);
  if (chunked) lines.push('Transfer-Encoding: chunked');
  lines.push(`Connection: ${keepAlive ? 'keep-alive' : 'close'}`);
  if (answer.kind === 'file') {
    const seconds = Math.floor(modifiedAt / 1_000).toString(16);
    lines.push(`ETag: "${seconds}-${answer.body.length.toString(16)}"`, 'Accept-Ranges: bytes');
  }
  for (const [name, value] of answer.headers ?? []) lines.push(`${name}: ${value}`);
  const top = `${lines.join('\r\n')}\r\n\r\n`;
  if (head) return top;
  if (!chunked) return top + answer.body;
  return `${top}${answer.body ? `${answer.body.length.toString(16)}\r\n${answer.body}\r\n` : ''}0\r\n\r\n`;
}
