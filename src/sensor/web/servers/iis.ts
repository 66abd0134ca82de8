import { type Answer, type Framing, reasons } from '../answer.ts';
import { isRead, type WebServer } from '../server.ts';

/** What IIS shows to strangers: a page without the reason's details (`custerr/en-US`). */
const shown: Record<number, [title: string, text: string]> = {
  403: [
    '403 - Forbidden: Access is denied.',
    'You do not have permission to view this directory or page using the credentials that you supplied.',
  ],
  404: [
    '404 - File or directory not found.',
    'The resource you are looking for might have been removed, had its name changed, or is temporarily unavailable.',
  ],
  405: [
    '405 - HTTP verb used to access this page is not allowed.',
    'The page you are looking for cannot be displayed because an invalid method (HTTP verb) was used to attempt access.',
  ],
};

/** What the kernel's driver refuses before IIS hears of it: title, heading, sentence. */
const refused: Record<number, [title: string, heading: string, sentence: string]> = {
  400: ['Bad Request', 'Bad Request - Invalid URL', 'HTTP Error 400. The request URL is invalid.'],
  411: [
    'Length Required',
    'Length Required',
    'HTTP Error 411. The request must be chunked or have a content length.',
  ],
  413: [
    'Request Entity Too Large',
    'Request Entity Too Large',
    'HTTP Error 413. The request entity is too large.',
  ],
  414: ['Request URI Too Long', 'Request URI Too Long', 'HTTP Error 414. The request URL is too long.'],
  501: [
    'Not Implemented',
    'Not Implemented',
    'HTTP Error 501. The request transfer encoding type is not supported.',
  ],
  505: [
    'Version Not Supported',
    'Version Not Supported',
    'HTTP Error 505. The HTTP version is not supported.',
  ],
};

/** IIS 10 behind http.sys: header order and texts as servers on the Internet show them. */
export const iis: WebServer = {
  rules: {
    eager: false,
    method: /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/,
    version: 505,
    escape: 0,
    line: 0,
    header: { status: 400, detail: 'Request Too Long' },
    coding: 501,
  },

  failure(status, { request, detail }) {
    const page = shown[status];
    if (page && !request.refused)
      return {
        status,
        kind: 'error',
        type: 'text/html',
        body: customPage(...page),
        ...(status === 405 ? { headers: [['Allow', 'GET, HEAD, OPTIONS, TRACE']] } : {}),
      };
    const hostless = status === 400 && request.version === 11 && request.method !== '' && !detail;
    const named = request.headers.some(([name]) => name.toLowerCase() === 'host');
    const verb = /^[A-Za-z-]+$/.test(request.method);
    const [title, heading, sentence] = detail
      ? [
          'Bad Request',
          `Bad Request - ${detail}`,
          'HTTP Error 400. The size of the request headers is too long.',
        ]
      : status === 400 && !verb
        ? ['Bad Request', 'Bad Request - Invalid Verb', 'HTTP Error 400. The request verb is invalid.']
        : hostless && !named && request.target.startsWith('/')
          ? [
              'Bad Request',
              'Bad Request - Invalid Hostname',
              'HTTP Error 400. The request hostname is invalid.',
            ]
          : (refused[status] ?? refused[400]!);
    return {
      status,
      kind: 'error',
      type: 'text/html; charset=us-ascii',
      body: `<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN""http://www.w3.org/TR/html4/strict.dtd">\r\n<HTML><HEAD><TITLE>${title}</TITLE>\r\n<META HTTP-EQUIV="Content-Type" Content="text/html; charset=us-ascii"></HEAD>\r\n<BODY><h2>${heading}</h2>\r\n<hr><p>${sentence}</p>\r\n</BODY></HTML>\r\n`,
      close: true,
    };
  },

  method(about, page) {
    const { method } = about.request;
    if (isRead(method) || method === 'POST')
      return method === 'POST' && page?.kind === 'file' ? iis.failure(405, about) : undefined;
    if (method === 'OPTIONS')
      return {
        status: 200,
        kind: 'error',
        type: '',
        body: '',
        headers: [
          ['Allow', 'OPTIONS, TRACE, GET, HEAD, POST'],
          ['Public', 'OPTIONS, TRACE, GET, HEAD, POST'],
        ],
      };
    return iis.failure(page ? 405 : 404, about);
  },

  frame(answer: Answer, { server, now, keepAlive, version, head }: Framing): string {
    if (version === 9) return answer.body;
    const { status, kind, body, modifiedAt = 0 } = answer;
    const driver = answer.type === 'text/html; charset=us-ascii';
    const words = driver ? (refused[status]?.[0] ?? reasons[status]) : reasons[status];
    const lines = [`HTTP/1.1 ${status} ${words ?? 'OK'}`];
    if (answer.type !== '') lines.push(`Content-Type: ${answer.type ?? 'text/html'}`);
    const date = `Date: ${new Date(now).toUTCString()}`;
    if (driver) lines.push('Server: Microsoft-HTTPAPI/2.0', date);
    else {
      if (kind === 'file') {
        // Windows counts tenths of microseconds since 1601.
        const ticks = (BigInt(Math.floor(modifiedAt)) + 11_644_473_600_000n) * 10_000n;
        lines.push(
          `Last-Modified: ${new Date(modifiedAt).toUTCString()}`,
          'Accept-Ranges: bytes',
          `ETag: "${ticks.toString(16).match(/../g)!.reverse().join('').replace(/^0+/, '')}:0"`,
        );
      }
      for (const [name, value] of answer.headers ?? []) lines.push(`${name}: ${value}`);
      lines.push(`Server: ${server}`, 'X-Powered-By: ASP.NET', date);
    }
    if (!keepAlive) lines.push('Connection: close');
    lines.push(`Content-Length: ${body.length}`);
    return `${lines.join('\r\n')}\r\n\r\n${head ? '' : body}`;
  },
};

function customPage(title: string, text: string): string {
  return [
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">',
    '<html xmlns="http://www.w3.org/1999/xhtml">',
    '<head>',
    '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1"/>',
    `<title>${title}</title>`,
    '<style type="text/css">',
    '<!--',
    'body{margin:0;font-size:.7em;font-family:Verdana, Arial, Helvetica, sans-serif;background:#EEEEEE;}',
    'fieldset{padding:0 15px 10px 15px;} ',
    'h1{font-size:2.4em;margin:0;color:#FFF;}',
    'h2{font-size:1.7em;margin:0;color:#CC0000;} ',
    'h3{font-size:1.2em;margin:10px 0 0 0;color:#000000;} ',
    '#header{width:96%;margin:0 0 0 0;padding:6px 2% 6px 2%;font-family:"trebuchet MS", Verdana, sans-serif;color:#FFF;',
    'background-color:#555555;}',
    '#content{margin:0 0 0 2%;position:relative;}',
    '.content-container{background:#FFF;width:96%;margin-top:8px;padding:10px;position:relative;}',
    '-->',
    '</style>',
    '</head>',
    '<body>',
    '<div id="header"><h1>Server Error</h1></div>',
    '<div id="content">',
    ' <div class="content-container"><fieldset>',
    `  <h2>${title}</h2>`,
    `  <h3>${text}</h3>`,
    ' </fieldset></div>',
    '</div>',
    '</body>',
    '</html>',
    '',
  ].join('\r\n');
}
