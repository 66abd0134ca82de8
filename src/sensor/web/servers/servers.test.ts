import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { http } from '../../emulators/http.ts';
import { meet } from '../../play.ts';

const long = 'a'.repeat(9_000);

/** What nginx 1.22.1, Apache 2.4.71 and lighttpd 1.4.69 of Debian 12 said to these bytes on loopback; 0 where ours cannot be the same. */
const said: [bytes: string, nginx: number, apache: number, lighttpd: number][] = [
  [`foo\r\n\r\n`, 400, 400, 400],
  [`GET / HTTP/2.0\r\nHost: x\r\n\r\n`, 505, 200, 505],
  [`GET / HTTP/1.1\r\n\r\n`, 400, 400, 400],
  [`FOO / HTTP/1.1\r\nHost: x\r\n\r\n`, 405, 501, 501],
  [`POST /none.txt HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na`, 404, 404, 404],
  [`POST /nope HTTP/1.1\r\nHost: x\r\nContent-Length: zz\r\n\r\na`, 400, 400, 400],
  [`GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: foo\r\n\r\n`, 501, 400, 501],
  [`GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n`, 400, 400, 404],
  [`CONNECT a:1 HTTP/1.1\r\nHost: x\r\n\r\n`, 400, 405, 400],
  [`GET http://a/ HTTP/1.1\r\nHost: x\r\n\r\n`, 200, 200, 400],
  [`OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n`, 400, 200, 200],
  [`OPTIONS / HTTP/1.1\r\nHost: x\r\n\r\n`, 405, 200, 200],
  [`GET / HTTP/1.1 x\r\nHost: x\r\n\r\n`, 400, 400, 400],
  [`GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n`, 400, 400, 400],
  [`GET / FTP/1.1\r\nHost: x\r\n\r\n`, 400, 400, 400],
  [`\x16\x03\x01\x00\r\n\r\n`, 400, 400, 400],
  [`TRACE / HTTP/1.1\r\nHost: x\r\n\r\n`, 405, 405, 501],
  [`GET /${long} HTTP/1.1\r\nHost: x\r\n\r\n`, 414, 414, 431],
  [`GET / HTTP/1.1\r\nHost: x\r\nA: ${long}\r\n\r\n`, 400, 400, 431],
  [`get / HTTP/1.1\r\nHost: x\r\n\r\n`, 400, 501, 501],
  [`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999999999\r\n\r\na`, 413, 413, 0],
  [`GET /index.html HTTP/1.0\r\n\r\n`, 200, 200, 200],
  [`GET /nope HTTP/1.1\r\nHost: x\r\n\r\n`, 404, 404, 404],
  [`GET /nope HTTP/1.0\r\n\r\n`, 404, 404, 404],
  [`HEAD /index.html HTTP/1.1\r\nHost: x\r\n\r\n`, 200, 200, 200],
  [`DELETE /index.html HTTP/1.1\r\nHost: x\r\n\r\n`, 405, 405, 501],
  [`PUT /index.html HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na`, 405, 405, 501],
  [`POST /index.html HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na`, 405, 200, 200],
  [`GET /%2e%2e/x HTTP/1.1\r\nHost: x\r\n\r\n`, 400, 400, 404],
  [`GET /cgi-bin/.%2e/.%2e/bin/sh HTTP/1.1\r\nHost: x\r\n\r\n`, 400, 400, 404],
  [`GET /.htaccess HTTP/1.1\r\nHost: x\r\n\r\n`, 404, 404, 404],
  [`GET / HTTP/1.1\r\nHost: x y\r\n\r\n`, 400, 400, 400],
  [`GET /index.html HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`, 200, 200, 200],
  [`GET /nope HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n`, 400, 400, 400],
  [`\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n`, 200, 200, 0],
];

async function ask(kind: string, bytes: string): Promise<string> {
  const talk = meet(http, { kind, seed: 'one' });
  const answer = (await talk.say(bytes)) + (await talk.leave());
  expect(talk.faults).toEqual([]);
  return answer;
}
const statusOf = (answer: string) => Number(/^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1] ?? 0);
const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
const names = (answer: string) =>
  answer
    .split('\r\n\r\n')[0]!
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(':')[0]);

describe.each([
  ['ubuntu22-web', 1],
  ['ubuntu20-web', 2],
  ['plc', 3],
] as const)('%s', (kind, column) => {
  it.each(said.filter((row) => row[column] !== 0).map((row) => [row[0], row[column]] as const))(
    'answers %j as the real server does',
    async (bytes, status) => expect(statusOf(await ask(kind, bytes))).toBe(status),
  );
});

describe('Apache', () => {
  // Recorded; pages of the packages before 2.4.66 begin with the older document type.
  it.each([
    [
      get('/nope'),
      'Content-Length: 263\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n',
      '<h1>Not Found</h1>\n<p>The requested URL was not found on this server.</p>\n<hr>\n<address>Apache/2.4.41 (Ubuntu) Server at x Port 80</address>\n</body></html>\n',
    ],
    [
      'DELETE / HTTP/1.1\r\nHost: x\r\n\r\n',
      'Allow: GET,POST,OPTIONS,HEAD\r\nContent-Length: 290\r\nContent-Type: text/html',
      '<p>The requested method DELETE is not allowed for this URL.</p>',
    ],
    [
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999999999\r\n\r\na',
      'Connection: close\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n',
      'The requested resource does not allow request data with POST requests, or the amount of data provided in\nthe request exceeds the capacity limit.\n<hr>',
    ],
    [
      `GET /${long} HTTP/1.1\r\nHost: x\r\n\r\n`,
      'Connection: close\r\n',
      "<p>The requested URL's length exceeds the capacity\nlimit for this server.<br />\n</p>\n<hr>",
    ],
    [
      `GET / HTTP/1.1\r\nHost: x\r\nA: ${long}\r\n\r\n`,
      'Connection: close\r\n',
      'could not understand.<br />\nSize of a request header field exceeds server limit.</p>\n<hr>',
    ],
  ])('%j', async (bytes, head, body) => {
    const answer = await ask('ubuntu20-web', bytes);
    expect(answer).toContain(head);
    expect(answer).toContain(body);
  });

  it('orders its headers', async () => {
    expect(names(await ask('ubuntu20-web', get('/')))).toEqual([
      'Date',
      'Server',
      'Last-Modified',
      'ETag',
      'Accept-Ranges',
      'Content-Length',
      'Content-Type',
    ]);
    expect(
      (await ask('ubuntu20-web', 'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n')).split('\r\n').slice(2),
    ).toEqual(['Server: Apache/2.4.41 (Ubuntu)', 'Content-Length: 0', '', '']);
  });
});

describe('lighttpd', () => {
  it('answers a missing page byte by byte', async () => {
    expect(await ask('plc', get('/nope'))).toBe(
      'HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 341\r\nDate: Thu, 28 May 2026 20:26:40 GMT\r\nServer: lighttpd/1.4.69\r\n\r\n<?xml version="1.0" encoding="iso-8859-1"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"\n         "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">\n <head>\n  <title>404 Not Found</title>\n </head>\n <body>\n  <h1>404 Not Found</h1>\n </body>\n</html>\n',
    );
  });

  it('orders its headers', async () => {
    expect(names(await ask('plc', get('/')))).toEqual([
      'Content-Type',
      'ETag',
      'Last-Modified',
      'Content-Length',
      'Accept-Ranges',
      'Date',
      'Server',
    ]);
  });
});

describe('Uvicorn', () => {
  it.each([
    ['foo\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\n\r\n', 400],
    ['GET / HTTP/2.0\r\nHost: x\r\n\r\n', 200],
    ['get / HTTP/1.1\r\nHost: x\r\n\r\n', 405],
    [get('/../../etc/passwd'), 404],
    ['GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: foo\r\n\r\n', 400],
    [get(`/${long}`), 404],
    [`GET / HTTP/1.1\r\nHost: x\r\nA: ${long}\r\n\r\n`, 200],
    ['OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n', 404],
    ['GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n', 400],
  ])('answers %j as the real one does', async (bytes, status) =>
    expect(statusOf(await ask('ai-box', bytes))).toBe(status),
  );

  it('names headers in small letters, and is brief where it understood nothing', async () => {
    expect(names(await ask('ai-box', get('/')))).toEqual([
      'date',
      'server',
      'content-length',
      'content-type',
    ]);
    expect(await ask('ai-box', 'foo\r\n\r\n')).toBe(
      'HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\nInvalid HTTP request received.',
    );
  });
});

describe('IIS', () => {
  // The sizes by which these pages are known.
  it.each([
    [get('/nope'), 404, 1_245],
    ['GET / HTTP/1.1\r\n\r\n', 400, 334],
    ['\x16\x03\x01\x00\r\n\r\n', 400, 326],
    [get('/').replace('1.1', '2.0'), 505, 0],
  ])('%j', async (bytes, status, size) => {
    const answer = await ask('windows-server', bytes);
    expect(statusOf(answer)).toBe(status);
    if (size) expect(answer).toContain(`Content-Length: ${size}\r\n`);
  });

  it('orders its headers', async () => {
    expect(names(await ask('windows-server', get('/')))).toEqual([
      'Content-Type',
      'Last-Modified',
      'Accept-Ranges',
      'ETag',
      'Server',
      'X-Powered-By',
      'Date',
      'Content-Length',
    ]);
  });
});

describe('Kubernetes', () => {
  it('forbids who is nobody, on several lines where people read it', async () => {
    const agent = (name: string) => `GET /api/v1/pods HTTP/1.1\r\nHost: x\r\nUser-Agent: ${name}\r\n\r\n`;
    const answer = await ask('kubernetes-node', agent('curl/7.88.1'));
    expect(names(answer)).toEqual([
      'Audit-Id',
      'Cache-Control',
      'Content-Type',
      'X-Content-Type-Options',
      'X-Kubernetes-Pf-Flowschema-Uid',
      'X-Kubernetes-Pf-Prioritylevel-Uid',
      'Date',
      'Content-Length',
    ]);
    expect(answer).toContain(
      '"message": "pods is forbidden: User \\"system:anonymous\\" cannot list resource \\"pods\\" in API group \\"\\" at the cluster scope"',
    );
    expect((await ask('kubernetes-node', agent('Go-http-client/1.1'))).split('\r\n\r\n')[1]).toMatch(
      /^{"kind":"Status",.*"code":403}\n$/,
    );
    expect(await ask('kubernetes-node', get('/version'))).toContain('"gitVersion": "v1.');
  });
});

/** Pieces of requests, so that random ones get past their first line. */
const pieces = [
  ...[
    'GET ',
    'POST ',
    'HEAD ',
    'FOO ',
    'OPTIONS ',
    '/',
    '*',
    '/../',
    '/.env',
    '/login.php',
    '//x',
    ' HTTP/1.1\r\n',
    ' HTTP/1.0\r\n',
  ],
  ...[
    ' HTTP/2.0\r\n',
    '\r\n',
    '\r\n\r\n',
    'Host: x\r\n',
    'Host: <b>\r\n',
    'Content-Length: 4\r\n',
    'Transfer-Encoding: chunked\r\n',
  ],
  ...[
    'Authorization: Basic Og==\r\n',
    'Expect: 100-continue\r\n',
    'a=b&c',
    '4\r\n',
    '0\r\n\r\n',
    '\0',
    '\xff',
    '{"email":"a","password":"\\"',
  ],
];

it.each([
  'ubuntu22-web',
  'ubuntu20-web',
  'plc',
  'ai-box',
  'windows-server',
  'kubernetes-node',
  'mail-server',
])('%s survives any bytes, and answers only in its own words', async (kind) => {
  const bytes = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 12 })), {
    maxLength: 24,
  });
  await fc.assert(
    fc.asyncProperty(bytes, async (parts) => {
      const talk = meet(http, { kind, seed: 'one' });
      const latin = Buffer.from(parts.join(''), 'utf8').toString('latin1');
      const answer = (await talk.say(latin)) + (await talk.leave());
      expect(talk.faults).toEqual([]);
      expect(answer).not.toContain('undefined');
      expect(answer === '' || /^(HTTP\/1\.[01] \d{3} |<|[^H])/.test(answer)).toBe(true);
    }),
    { numRuns: 300 },
  );
});
