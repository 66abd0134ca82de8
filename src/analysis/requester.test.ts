import { describe, expect, it } from 'vitest';
import { eventOf } from './event-fixture.ts';
import { browserRefuses, thirdPartyCouldSend } from './requester.ts';

type Headers = [string, string][];
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';
const host: Headers = [['Host', '198.51.100.1:8080']];
const browser: Headers = [
  ...host,
  ['User-Agent', firefox],
  ['Accept-Language', 'en'],
  ['Accept-Encoding', 'gzip'],
];
const request = (method: string, headers: Headers) =>
  eventOf({ kind: 'request', method, target: '/', status: 200, headers });
const access = (agent?: string) =>
  eventOf({
    kind: 'access',
    method: 'GET',
    target: '/',
    status: 200,
    size: 1,
    ...(agent === undefined ? {} : { agent }),
  });

describe('a request that somebody else could have caused', () => {
  it.each<[string, string, Headers]>([
    ['a picture on a page', 'GET', browser],
    ['a form', 'POST', [...browser, ['Content-Type', 'application/x-www-form-urlencoded']]],
    ['a form of plain text', 'POST', [...browser, ['content-type', 'text/plain;charset=UTF-8']]],
    ['a beacon without a type', 'POST', browser],
    ['a preflight', 'OPTIONS', [...browser, ['Access-Control-Request-Method', 'PUT']]],
    [
      'a browser that tells no languages',
      'GET',
      [...host, ['User-Agent', firefox], ['sec-fetch-site', 'cross-site']],
    ],
    [
      'JSON from a page whose name was rebound to us',
      'POST',
      [['Host', 'evil.example'], ...browser.slice(1), ['Content-Type', 'application/json']],
    ],
    ['a link preview', 'GET', [...host, ['User-Agent', 'facebookexternalhit/1.1']]],
    ['a link preview of a messenger', 'HEAD', [...host, ['User-Agent', 'WhatsApp/2.23']]],
    ['a bot', 'GET', [...host, ['User-Agent', 'Slackbot-LinkExpanding 1.0']]],
    [
      'a web hook',
      'POST',
      [...host, ['User-Agent', 'GitHub-Hookshot/abc'], ['Content-Type', 'application/json']],
    ],
  ])('%s', (_, method, headers) => expect(thirdPartyCouldSend(request(method, headers))).toBe(true));

  it('an access log’s line of a browser, or without the agent', () => {
    for (const agent of [firefox, undefined, 'Googlebot/2.1'])
      expect(thirdPartyCouldSend(access(agent))).toBe(true);
  });
});

describe('a request of the source’s own', () => {
  it.each<[string, string, Headers]>([
    ['a tool', 'GET', [...host, ['User-Agent', 'python-requests/2.31'], ['Accept-Encoding', 'gzip']]],
    ['no agent', 'GET', host],
    ['nothing at all', 'GET', []],
    ['an agent that lies poorly', 'GET', [...host, ['User-Agent', firefox]]],
    ['a method that asks first', 'PUT', browser],
    ['JSON by address', 'POST', [...browser, ['Content-Type', 'application/json']]],
  ])('%s', (_, method, headers) => expect(thirdPartyCouldSend(request(method, headers))).toBe(false));

  it('an access log’s line of a tool, or with the agent recorded as absent', () => {
    for (const agent of ['curl/8.5.0', '']) expect(thirdPartyCouldSend(access(agent))).toBe(false);
  });
});

it('knows the ports that browsers refuse', () => {
  expect([22, 23, 25, 6667, 5060].every(browserRefuses)).toBe(true);
  expect([0, 80, 443, 2222, 2323, 6379, 8080, 445].some(browserRefuses)).toBe(false);
});
