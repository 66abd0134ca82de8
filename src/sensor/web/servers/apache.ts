import { header } from '../../emulators/http-request.ts';
import { type Answer, type Framing, reasons } from '../answer.ts';
import { type About, isRead, type WebServer } from '../server.ts';

/** Methods that Apache knows by name (`ap_method_registry_init`): the others are answered 501. */
const known = new Set(
  'GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK VERSION-CONTROL CHECKOUT UNCHECKOUT CHECKIN UPDATE LABEL REPORT MKWORKSPACE MKACTIVITY BASELINE-CONTROL MERGE'.split(
    ' ',
  ),
);
const allowed = 'GET,POST,OPTIONS,HEAD';
const broken = 'Your browser sent a request that this server could not understand.<br />\n';

const says: Record<number, (about: About) => string> = {
  400: ({ detail }) => `<p>${broken}${detail}</p>\n`,
  403: () => `<p>You don't have permission to access this resource.</p>\n`,
  404: () => '<p>The requested URL was not found on this server.</p>\n',
  405: ({ request }) =>
    `<p>The requested method ${escaped(request.method)} is not allowed for this URL.</p>\n`,
  413: ({ request }) =>
    `The requested resource does not allow request data with ${escaped(request.method)} requests, or the amount of data provided in\nthe request exceeds the capacity limit.\n`,
  414: () => `<p>The requested URL's length exceeds the capacity\nlimit for this server.<br />\n</p>\n`,
  501: ({ request }) => `<p>${escaped(request.method)} not supported for current URL.<br />\n</p>\n`,
};

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** The name in the signature: what was asked for, once that was understood, else the machine's own. */
function nameOf({ persona, request }: About): string {
  const early = request.refused && request.refused.status !== 413 && !/\.\.|%2e/i.test(request.target);
  const own = `${persona.hostname}.${persona.domain}`;
  return escaped((early ? undefined : header(request, 'host')?.replace(/:\d*$/, '')) || own).slice(0, 256);
}

/**
 * Apache 2.4 as Debian and Ubuntu configure it. Answers are those that 2.4.71 gave on loopback; before 2.4.66 its pages begin with
 * the document type of HTML 2.0.
 */
export const apache: WebServer = {
  rules: {
    eager: false,
    method: /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/,
    version: 0,
    escape: 400,
    line: 414,
    header: { status: 400, detail: 'Size of a request header field exceeds server limit.' },
    coding: 400,
  },

  failure(status, about) {
    const title = reasons[status]!;
    // It speaks of its port as it was told of it, not as it is reached.
    const signature = `<address>${about.persona.web.server} Server at ${nameOf(about)} Port ${about.secure ? 443 : 80}</address>`;
    return {
      status,
      kind: 'error',
      type: 'text/html; charset=iso-8859-1',
      body: `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>${status} ${title}</title>\n</head><body>\n<h1>${title}</h1>\n${says[status]?.(about) ?? ''}<hr>\n${signature}\n</body></html>\n`,
      headers:
        status === 405 || status === 501 ? [['Allow', about.request.method === 'TRACE' ? '' : allowed]] : [],
      close: status === 400 || status === 413 || status === 414 || status === 501,
    };
  },

  method(about, page) {
    const { method, target } = about.request;
    if (isRead(method) || method === 'POST') return undefined;
    if (method === 'OPTIONS')
      return {
        status: 200,
        kind: 'error',
        body: '',
        ...(target === '*'
          ? { type: '' }
          : { type: page?.type ?? 'text/html', headers: [['Allow', allowed]] }),
      };
    return apache.failure(known.has(method) ? 405 : 501, about);
  },

  frame(answer: Answer, { server, now, keepAlive, version, head }: Framing): string {
    if (version === 9) return answer.body;
    const { status, kind, body, modifiedAt = 0 } = answer;
    const lines = [
      `HTTP/1.1 ${status} ${reasons[status] ?? 'OK'}`,
      `Date: ${new Date(now).toUTCString()}`,
      `Server: ${server}`,
    ];
    const chunked = kind === 'script' && version === 11;
    if (kind === 'file') {
      // Size and time of change in microseconds.
      lines.push(
        `Last-Modified: ${new Date(modifiedAt).toUTCString()}`,
        `ETag: "${body.length.toString(16)}-${(BigInt(Math.floor(modifiedAt)) * 1_000n).toString(16)}"`,
        'Accept-Ranges: bytes',
      );
    }
    for (const [name, value] of answer.headers ?? []) lines.push(`${name}: ${value}`);
    if (kind !== 'script') lines.push(`Content-Length: ${body.length}`);
    if (!keepAlive) lines.push('Connection: close');
    if (chunked) lines.push('Transfer-Encoding: chunked');
    if (answer.type !== '') lines.push(`Content-Type: ${answer.type ?? 'text/html'}`);
    const top = `${lines.join('\r\n')}\r\n\r\n`;
    if (head) return top;
    if (!chunked) return top + body;
    return `${top}${body ? `${body.length.toString(16)}\r\n${body}\r\n` : ''}0\r\n\r\n`;
  },
};
