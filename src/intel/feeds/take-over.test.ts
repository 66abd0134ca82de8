import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FeedStore } from './feed-store.ts';
import { isInside, nextOf, outsideOnly } from './fetch.ts';
import { FeedProblem } from './format.ts';
import { feedLimits } from './limits.ts';
import { heldEntries, type TakeOverOptions, takeOver } from './take-over.ts';

const now = Date.UTC(2026, 0, 31);
let folder: string;
let server: Server;
let store: FeedStore;
let answer: RequestListener;
let asked: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'caltrop-feeds-'));
  store = new FeedStore(join(folder, 'feeds'));
  asked = [];
  server = createServer((request, response) => {
    asked.push(request.url!);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

const port = () => (server.address() as AddressInfo).port;
const url = (path = '/list') => `http://127.0.0.1:${port()}${path}`;
const list = (n: number) => Array.from({ length: n }, (_, i) => `n${i}.bad.example\n`).join('');
const says: (text: string) => RequestListener = (text) => (_, response) => response.end(text);
const take = (
  options: Partial<TakeOverOptions> = {},
  source: { path: string } | { url: string } = { url: url() },
) => takeOver(store, { name: 'one', source, format: 'plain' }, { now, ...options });
const held = () => [...(heldEntries(store, { name: 'one' }, now) ?? [])].length;

it('takes a feed over, and asks only for what is newer', async () => {
  const got: unknown[] = [];
  answer = (request, response) => {
    got.push([request.headers['if-none-match'], request.headers['if-modified-since']]);
    const headers = { etag: '"v1"', 'last-modified': 'Fri, 30 Jan 2026 10:00:00 GMT' };
    if (request.headers['if-none-match'] === '"v1"') response.writeHead(304).end();
    else response.writeHead(200, headers).end(`${list(3)}not-a-name\n`);
  };
  const first = await take();
  expect(first).toMatchObject({
    entries: 3,
    taken: now,
    types: { domain: 3 },
    refused: { 'a single label': 1 },
    problem: null,
  });
  expect(await take({ now: now + 1_000 })).toEqual({ ...first, checked: now + 1_000 });
  expect(got).toEqual([
    [undefined, undefined],
    ['"v1"', 'Fri, 30 Jan 2026 10:00:00 GMT'],
  ]);
  expect(held()).toBe(3);
});

it.each([
  ['shrinks', 400, 'it shrank from 1000 entries to 400'],
  ['grows', 3_500, 'it grew from 1000 entries to 3500'],
  ['is empty', 0, 'it is empty'],
])('keeps the last good copy where the new one %s', async (_, n, problem) => {
  answer = says(list(1_000));
  const good = await take();
  answer = says(list(n));
  expect(await take({ now: now + 1 })).toEqual({ ...good, problem: { time: now + 1, says: problem } });
  expect(held()).toBe(1_000);
  // A person who has looked can have it, but never an empty one.
  expect((await take({ accept: true })).entries).toBe(n || 1_000);
  expect(held()).toBe(n || 1_000);
});

it('lets small lists change, and lists that change by less', async () => {
  for (const n of [3, 60, 5, 100, 280, 200]) {
    answer = says(list(n));
    expect((await take()).entries).toBe(n);
  }
});

it('does not take what is mostly unreadable, such as a page that says sorry', async () => {
  answer = says(`${list(2)}${'<p>Sorry: come again</p>\n'.repeat(50)}`);
  expect((await take()).problem!.says).toBe('most of it cannot be read: 50 of 52 parts');
  expect(held()).toBe(0);
});

it('does not take an answer that breaks off, or is over the limit', async () => {
  answer = says(list(10));
  await take();
  answer = (_, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write(list(20), () => response.destroy());
  };
  expect((await take()).problem!.says).toBe('its server cannot be reached');
  answer = (_, response) =>
    response.writeHead(200, { 'content-length': String(feedLimits.bytes + 1) }).flushHeaders();
  expect((await take()).problem!.says).toBe('it is too large');
  expect(held()).toBe(10);
});

it('gives up on a server that never ends', async () => {
  answer = (_, response) => {
    response.write('a.example\n');
  };
  expect((await take({ timeoutMs: 200 })).problem!.says).toBe('its server took too long');
});

it('holds it against nobody that we stop', async () => {
  const stop = new AbortController();
  answer = (_, response) => {
    response.write('a.example\n', () => stop.abort());
  };
  expect((await take({ signal: stop.signal })).problem).toBeNull();
  expect(store.state('one')).toBeNull();
});

it('follows a few redirects, and asks nobody for what stands in the feed', async () => {
  answer = (request, response) => {
    if (request.url === '/list') response.writeHead(302, { location: '/there' }).end();
    else response.end(`${url('/inside-the-feed')}\n`.repeat(2));
  };
  expect((await take()).problem).toBeNull();
  expect(asked).toEqual(['/list', '/there']);
  answer = (_, response) => response.writeHead(301, { location: '/list' }).end();
  expect((await take()).problem!.says).toBe('its server redirects too often');
  expect(asked.length).toBe(8);
});

it.each(['ftp://127.0.0.1/x', 'file:///etc/passwd', 'gopher://127.0.0.1/'])(
  'does not follow to %s',
  async (location) => {
    answer = (_, response) => response.writeHead(302, { location }).end();
    expect((await take()).problem!.says).toBe('its server redirects to another scheme');
  },
);

it('never follows from HTTPS to HTTP, nor from outside into a network of our own', () => {
  expect(() => nextOf(new URL('https://a.example/'), 'http://a.example/')).toThrow(FeedProblem);
  expect(nextOf(new URL('https://a.example/x/'), '../y').href).toBe('https://a.example/y');
  for (const address of ['127.0.0.1', '::1', '::ffff:10.1.2.3', '169.254.169.254', 'fe80::1%eth0', 'fd00::1'])
    expect([address, isInside(address)]).toEqual([address, true]);
  for (const address of ['192.0.2.1', '2001:db8::1']) expect(isInside(address)).toBe(false);
});

it('does not resolve a redirect into a network of our own', async () => {
  const error = await new Promise((resolve) => outsideOnly('localhost', { all: true }, resolve));
  expect(error).toBeInstanceOf(FeedProblem);
});

it.each([404, 500, 204, 304])('says so where the server answers %i', async (status) => {
  answer = (_, response) => response.writeHead(status).end();
  expect((await take()).problem!.says).toBe(`its server answers ${status}`);
});

it('reads a file, again only once it changed', async () => {
  const path = join(folder, 'list');
  writeFileSync(path, list(3));
  const first = await take({}, { path });
  expect(first.entries).toBe(3);
  expect(await take({ now: now + 1 }, { path })).toEqual({ ...first, checked: now + 1 });
  writeFileSync(path, list(4));
  expect((await take({}, { path })).entries).toBe(4);
  rmSync(path);
  expect(await take({}, { path })).toMatchObject({
    entries: 4,
    problem: { says: 'its file cannot be read' },
  });
});

it('fetches anew where the copy that is held was altered, and keeps one copy only', async () => {
  answer = (request, response) =>
    request.headers['if-none-match']
      ? response.writeHead(304).end()
      : response.writeHead(200, { etag: '"v1"' }).end(list(3));
  const { sha256 } = await take();
  writeFileSync(join(folder, 'feeds/one', sha256!), 'other.example\n');
  expect(held()).toBe(0);
  await take();
  expect(held()).toBe(3);
  answer = says(list(5));
  const { sha256: next } = await take();
  expect(readdirSync(join(folder, 'feeds/one')).sort()).toEqual([next, 'state.json'].sort());
});

it('takes another source for another feed', async () => {
  answer = says(list(1_000));
  await take();
  const path = join(folder, 'list');
  writeFileSync(path, list(3));
  expect(await take({}, { path })).toMatchObject({ entries: 3, problem: null });
});
