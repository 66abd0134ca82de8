import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { configSchema } from '../config.ts';
import { createLog } from '../kit/log.ts';
import { payloadPath } from '../model/payload.ts';
import { openPipeline, type Pipeline } from '../pipeline.ts';
import { type App, createApp } from './app.ts';
import { serveConsole } from './console.ts';
import { listen } from './listen.ts';

const host = '127.0.0.1:7700';
const day = 86_400_000;
const sha256 = 'ab'.repeat(32);

let folder = '';
let pipeline: Pipeline;
let app: App;
let token = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'caltrop-server-'));
  const page = join(folder, 'console');
  mkdirSync(join(page, 'assets'), { recursive: true });
  writeFileSync(join(page, 'index.html'), '<!doctype html>the page');
  writeFileSync(join(page, 'assets', 'app.js'), 'export {}');
  writeFileSync(join(folder, 'secret.txt'), 'the secret');
  const config = configSchema.parse({ profile: 'lab', server: { hosts: ['caltrop.example'] } });
  const log = createLog('test', { write() {} });
  pipeline = await openPipeline({ config, data: join(folder, 'data'), running: false, log });
  app = createApp(pipeline, false);
  serveConsole(app, page);
  token = await pipeline.tokens.create('a program', Date.now(), day);
});
afterAll(async () => {
  await pipeline?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A request as a browser or a program sends it to us, signed in unless told otherwise. */
function request(path: string, init: RequestInit & { headers?: Record<string, string> } = {}) {
  const { headers, ...rest } = init;
  return app.request(`http://${host}${path}`, {
    ...rest,
    headers: { host, authorization: `Bearer ${token}`, ...headers },
  });
}
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  request(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });

test.each([
  ['127.0.0.1:7700', 200],
  ['[::1]:7700', 200],
  ['localhost:7700', 200],
  ['caltrop.example', 200],
  // A name that its owner could point at loopback (DNS rebinding).
  ['rebind.example:7700', 403],
  ['127.0.0.1.rebind.example', 403],
  ['localhost.example', 403],
  ['', 403],
])('the Host %o is answered with %i', async (name, status) => {
  expect((await request('/api/v1/status', { headers: { host: name } })).status).toBe(status);
  expect((await request('/', { headers: { host: name } })).status).toBe(status);
});

test.each([
  [{ origin: `http://${host}` }, 200],
  [{ 'sec-fetch-site': 'same-origin' }, 200],
  [{ 'sec-fetch-site': 'none' }, 200],
  [{ origin: 'http://evil.example' }, 403],
  [{ origin: 'http://127.0.0.1:8080' }, 403],
  [{ origin: 'null' }, 403],
  [{ 'sec-fetch-site': 'cross-site' }, 403],
  // Another port of this machine is the same site, but another origin.
  [{ 'sec-fetch-site': 'same-site' }, 403],
])('a request with %o is answered with %i', async (headers, status) => {
  expect((await request('/api/v1/status', { headers })).status).toBe(status);
});

test.each(['', 'Bearer nonsense', 'Basic YTpi', 'Bearer '])(
  'the authorisation %o opens nothing',
  async (authorization) => {
    for (const path of [
      '/api/v1/status',
      '/api/v1/stream',
      '/api/v1/sources',
      '/api/v1/decisions',
      `/api/v1/payloads/${sha256}`,
      '/api/v1/nothing',
    ]) {
      expect((await request(path, { headers: { authorization } })).status, path).toBe(401);
    }
  },
);

test('a token that has expired opens nothing', async () => {
  const old = await pipeline.tokens.create('old', Date.now() - 2 * day, day);
  expect((await request('/api/v1/status', { headers: { authorization: `Bearer ${old}` } })).status).toBe(401);
});

test('the first sign-in token works once, and its session is a strict cookie', async () => {
  const first = await pipeline.tokens.create('first sign-in', Date.now(), day);
  const nobody = { authorization: '' };
  const signedIn = await post('/api/v1/session', { token: first }, nobody);
  expect(signedIn.status).toBe(200);
  const cookie = signedIn.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/; HttpOnly/);
  expect(cookie).toMatch(/; SameSite=Strict/);
  const session = { ...nobody, cookie: cookie.split(';')[0]! };
  expect((await request('/api/v1/status', { headers: session })).status).toBe(200);

  expect((await post('/api/v1/session', { token: first }, nobody)).status).toBe(401);
  await request('/api/v1/session', { method: 'DELETE', headers: session });
  expect((await request('/api/v1/status', { headers: session })).status).toBe(401);
});

test('what a form can post is refused, signed in or not', async () => {
  const forms = [
    { body: 'reason=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    { body: '{"reason":"x"}', headers: { 'content-type': 'text/plain' } },
    { body: '{"reason":"x"}', headers: { 'content-type': 'multipart/form-data; boundary=x' } },
  ];
  for (const form of forms) {
    const answer = await request('/api/v1/kill-switch', { method: 'POST', ...form });
    expect(answer.status).toBe(400);
  }
  expect(pipeline.killSwitch.engaged()).toBe(false);
});

test('a body over the limit is refused', async () => {
  const answer = await post('/api/v1/kill-switch', { reason: 'x'.repeat(2 * 1024 * 1024) });
  expect(answer.status).toBe(413);
});

test('what touches files of this machine is for its own socket only', async () => {
  expect((await post('/api/v1/imports', { files: [{ path: '/etc/passwd' }] })).status).toBe(403);
  expect((await post('/api/v1/tokens', { name: 'x' })).status).toBe(403);
  expect((await post('/api/v1/backups', { folder: '/tmp/x' })).status).toBe(403);
});

test('a payload is an attachment that no browser shows or runs', async () => {
  const path = payloadPath(join(pipeline.data, 'sensor', 'payloads'), sha256);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '<script>alert(1)</script>');
  const answer = await request(`/api/v1/payloads/${sha256}`);
  expect(answer.status).toBe(200);
  expect(await answer.text()).toBe('<script>alert(1)</script>');
  expect(answer.headers.get('content-type')).toBe('application/octet-stream');
  expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="${sha256}.bin"`);
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(answer.headers.get('content-security-policy')).toContain('sandbox');

  const brought = 'b'.repeat(64);
  const other = payloadPath(join(pipeline.data, 'fleet', 'payloads'), brought);
  mkdirSync(dirname(other), { recursive: true });
  writeFileSync(other, 'of the fleet');
  expect(await (await request(`/api/v1/payloads/${brought}`)).text()).toBe('of the fleet');

  for (const name of ['..%2f..%2faudit.key', `${sha256}%00`, sha256.toUpperCase(), '%2e%2e']) {
    expect((await request(`/api/v1/payloads/${name}`)).status, name).toBeGreaterThanOrEqual(400);
  }
});

test('the page comes with a policy that lets no text become code', async () => {
  const answer = await request('/', { headers: { authorization: '' } });
  expect(await answer.text()).toContain('the page');
  const policy = answer.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe|\*/);
});

test('addresses of the console are its page, and no path leads out of its folder', async () => {
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  try {
    for (const path of [
      '/sources/192.0.2.1',
      '/sources/2001:db8::1',
      '/domains/www.shop.example',
      '/decisions/x',
      '/system',
    ]) {
      expect(await raw(server.port, path), path).toContain('the page');
    }
    expect(await raw(server.port, '/assets/app.js')).toContain('text/javascript');
    for (const path of [
      '/../secret.txt',
      '/assets/../../secret.txt',
      '/..%2fsecret.txt',
      '/%2e%2e/secret.txt',
      '/assets/..%5c..%5csecret.txt',
      '//secret.txt',
      `/${folder}/secret.txt`,
    ]) {
      const answer = await raw(server.port, path);
      expect(answer, path).toMatch(/^HTTP\/1\.1 404/);
      expect(answer, path).not.toContain('the secret');
    }
  } finally {
    await server.close();
  }
});

/** One request with its path just as it is: clients tidy paths up before they send them. */
function raw(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`),
    );
    socket.setEncoding('utf8');
    socket.on('data', (text) => {
      answer += text;
    });
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
  });
}

interface Sent {
  id: string;
  event: string;
  data: string;
}

/** Reads messages of the stream, beats left out, until `count` are there. */
async function messages(count: number, headers: Record<string, string> = {}): Promise<Sent[]> {
  const answer = await request('/api/v1/stream', { headers });
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  const sent: Sent[] = [];
  let text = '';
  while (sent.length < count) {
    const { value, done } = await reader.read();
    if (done) break;
    text += value;
    const whole = text.split('\n\n');
    text = whole.pop()!;
    for (const one of whole) {
      const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(one)?.[1] ?? '';
      if (field('event') !== 'beat')
        sent.push({ id: field('id'), event: field('event'), data: field('data') });
    }
  }
  await reader.cancel();
  return sent;
}

test('the stream tells what happens, and goes on from the last that was seen', async () => {
  const tell = (text: string) => pipeline.live.tell({ type: 'alarm', text, time: 1 });
  const text = ({ data }: Sent) => (JSON.parse(data) as { text: string }).text;
  tell('one\nid: 999\ndata: forged');
  tell('two');
  const first = await messages(2);
  expect(first.map(text).slice(-2)).toEqual(['one\nid: 999\ndata: forged', 'two']);
  expect(first.map(({ event }) => event)).toEqual(['alarm', 'alarm']);

  tell('three');
  const missed = await messages(1, { 'last-event-id': first[1]!.id });
  expect(missed.map(text)).toEqual(['three']);
  // A number that only a server before this one can have given.
  const anew = await messages(3, { 'last-event-id': '1000000' });
  expect(anew.map(text)).toEqual(['one\nid: 999\ndata: forged', 'two', 'three']);
});

/** Denies `source` as a person would. */
async function deny(source: string) {
  const outcome = pipeline.decider.order(
    { scope: { source, ports: [] }, termMs: day, mode: 'enforce', actor: 'alice', reason: 'a test' },
    Date.now(),
  );
  await pipeline.verdicts.act(outcome);
  return outcome.decision!;
}

function audited(action: string): { actor: string; data: Record<string, unknown> }[] {
  return readFileSync(join(pipeline.data, 'audit.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { action: string; actor: string; data: Record<string, unknown> })
    .filter((one) => one.action === action);
}

test('a revoke ends the decision, and the audit says who and why', async () => {
  const { id } = await deny('192.0.2.7');
  const path = `/api/v1/decisions/${id}/revoke`;
  expect((await post(path, {})).status).toBe(400);
  expect((await post(path, { reason: 'ours after all' })).status).toBe(200);

  const page = (await (await request(`/api/v1/decisions/${id}`)).json()) as { ended: { how: string } | null };
  expect(page.ended?.how).toBe('revoked');
  expect(await (await request('/api/v1/decisions?standing=yes')).json()).toEqual([]);
  const entry = audited('override').at(-1);
  expect(entry?.actor).toBe('a program');
  expect(JSON.stringify(entry?.data)).toContain('ours after all');
  expect(JSON.stringify(entry?.data)).toContain(id);
  expect((await post(path, { reason: 'again' })).status).toBe(404);
});

test('a never-block entry takes back the deny that it covers, and is audited', async () => {
  const { id } = await deny('192.0.2.8');
  const entry = { level: 'hard', owner: 'alice', reason: 'a partner', expires: Date.now() + day };
  expect((await post('/api/v1/never-block', { block: 'nonsense', ...entry })).status).toBe(400);
  expect((await post('/api/v1/never-block', { block: '192.0.2.8', ...entry })).status).toBe(200);
  const page = (await (await request(`/api/v1/decisions/${id}`)).json()) as { ended: { how: string } | null };
  expect(page.ended?.how).toBe('never-block');
  const check = await (await request('/api/v1/never-block/check/192.0.2.8')).json();
  expect(check).toMatchObject({ verdict: 'hard', entry: { owner: 'alice' } });
  expect(audited('list').at(-1)?.actor).toBe('a program');
});

test('the kill switch says who set it and why, and proves that the sets are empty', async () => {
  const set = await (await post('/api/v1/kill-switch', { reason: 'a drill' })).json();
  expect(set).toEqual({ set: true, emptied: true });
  const status = (await (await request('/api/v1/status')).json()) as {
    killSwitch: { set: boolean; note: string };
    troubles: string[];
  };
  expect(status.killSwitch.set).toBe(true);
  expect(JSON.parse(status.killSwitch.note)).toMatchObject({ actor: 'a program', reason: 'a drill' });
  expect(status.troubles.join()).toContain('kill switch');
  const back = {
    method: 'DELETE',
    body: '{"reason":"over"}',
    headers: { 'content-type': 'application/json' },
  };
  expect(await (await request('/api/v1/kill-switch', back)).json()).toEqual({ set: false });
  expect(audited('kill-switch').map(({ data }) => data)).toEqual([
    { set: true, reason: 'a drill' },
    { set: false, reason: 'over' },
  ]);
});

test('sources that nobody saw are not found, and what is no address is refused', async () => {
  expect(await (await request('/api/v1/sources?hours=1&sort=events&match=AS1')).json()).toEqual([]);
  expect(await (await request('/api/v1/origins?ips=192.0.2.1,nonsense')).json()).toEqual([]);
  expect((await request('/api/v1/sources/192.0.2.1')).status).toBe(404);
  expect((await request("/api/v1/sources/192.0.2.1'%20OR%201=1")).status).toBe(400);
  expect((await request('/api/v1/sources?sort=ip%20DESC;DROP%20TABLE%20events')).status).toBe(400);
  expect((await request('/api/v1/sources/192.0.2.1?before=5&beforeId=x')).status).toBe(400);
});
