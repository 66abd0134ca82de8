import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parsePrefix } from '../src/kit/ip.ts';
import { ssh } from '../src/sensor/emulators/ssh.ts';
import { serve } from '../src/sensor/fixture.ts';
import { attack, scenarios } from './index.ts';

/** What came from each address, in the order of its connections. */
const heard = new Map<string, string>();
const sockets = new Set<Socket>();

/** A service that greets, and answers line `n` of a connection. */
function service(greeting: string, answer: (line: number) => string) {
  const server = createServer((socket) => {
    sockets.add(socket);
    let lines = 0;
    const from = socket.remoteAddress!;
    socket.write(greeting, 'latin1');
    socket.on('error', () => {});
    socket.on('data', (bytes: Buffer) => {
      const text = bytes.toString('latin1');
      heard.set(from, (heard.get(from) ?? '') + text);
      for (let n = text.split('\n').length - 1; n > 0; n--) socket.write(answer(++lines), 'latin1');
    });
  });
  return server;
}

const servers = {
  // Lets anyone in.
  telnet: service('\xff\xfd\x01\xff\xfb\x03device login: ', (line) => (line === 1 ? 'Password: ' : '# ')),
  // An answer after the request line is early, but it is one.
  http: service('', (line) => (line === 1 ? 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n' : '')),
  redis: service('', (line) => (line === 1 ? '+OK\r\n'.repeat(200) : '')),
};
const ports = { telnet: 0, http: 0, redis: 0 };

beforeAll(async () => {
  for (const name of ['telnet', 'http', 'redis'] as const) {
    servers[name].listen(0, '127.0.0.1');
    await once(servers[name], 'listening');
    ports[name] = (servers[name].address() as AddressInfo).port;
  }
});
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of Object.values(servers)) server.close();
});

async function play(name: string, seed: number) {
  heard.clear();
  const summary = await attack(name, { target: '127.0.0.1', ports, seed, sources: 3 });
  return { ...summary, heard: new Map(heard) };
}

/** Those whose words can be read on the way. */
const single = scenarios.filter(({ name }) => name !== 'all' && name !== 'ssh-worm');

it('lists each scenario once, and all of them', () => {
  expect(scenarios.map(({ name }) => name)).toEqual([
    'ssh-worm',
    'mirai',
    'web-scanner',
    'redis-takeover',
    'password-spray',
    'benign',
    'all',
  ]);
});

it.each(['web-scanner', 'redis-takeover'])('%s comes out the same from the same seed', async (name) => {
  const first = await play(name, 7);
  const again = await play(name, 7);
  const other = await play(name, 8);
  expect(again.sources).toEqual(first.sources);
  expect([...again.heard].sort()).toEqual([...first.heard].sort());
  expect(other.sources).not.toEqual(first.sources);
});

it.each(single.map(({ name }) => name))(
  '%s names no address but those of documentation, and comes from loopback',
  async (name) => {
    const { heard: said, sources, connections, bytes, refused } = await play(name, 3);
    expect(refused).toBe(0);
    expect(connections).toBeGreaterThanOrEqual(sources.length);
    expect(bytes.sent).toBeGreaterThan(0);
    expect(new Set(sources).size).toBe(sources.length);
    for (const source of sources) expect(source).toMatch(/^127\.(?!0\.)/);
    for (const from of said.keys()) expect(sources).toContain(from);
    const named = [...said.values()].flatMap((text) => text.match(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g) ?? []);
    const foreign = named.filter((address) => !documentation(address) && !address.startsWith('127.'));
    expect(foreign).toEqual([]);
    const hosts = [...said.values()].flatMap((text) => text.match(/https?:\/\/[^/\s'"`|;:]+/g) ?? []);
    for (const host of hosts) expect(host).toMatch(/\/\/(?:[\d.]+$|[\w.-]+\.example$|api\.slack\.com$)/);
  },
);

it('ssh-worm gets in, does what such worms do, and names nobody', async () => {
  const served = await serve(ssh, { product: 'openssh-9.2p1-debian12' }, { sleep: async () => {} });
  const { port } = served;
  const summary = await attack('ssh-worm', {
    target: '127.0.0.1',
    ports: { ssh: port },
    seed: 1,
    sources: 6,
  });
  await served.close();
  expect(served.faults).toEqual([]);
  expect(summary.refused).toBe(0);
  expect(served.told('login').length).toBeGreaterThan(6);
  const commands = served.told('command').map(({ input }) => input);
  expect(commands).toContain('cd ~; chattr -ia .ssh; lockr -ia .ssh');
  const named = commands.flatMap((text) => text.match(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g) ?? []);
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((address) => !documentation(address))).toEqual([]);
  await expect(attack('ssh-worm', { target: '127.0.0.1', ports })).rejects.toMatchObject({ code: 'usage' });
});

/** RFC 5737. */
function documentation(address: string): boolean {
  const blocks = ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24'];
  const of = (text: string) => parsePrefix(text)!.bytes;
  const bytes = parsePrefix(address)?.bytes;
  return (
    bytes !== undefined &&
    blocks.some((block) =>
      of(block)
        .subarray(0, 15)
        .every((byte, i) => byte === bytes[i]),
    )
  );
}

it('says so where nobody answers at all', async () => {
  const closed = createServer();
  closed.listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const { port } = closed.address() as AddressInfo;
  closed.close();
  await once(closed, 'close');
  const nobody = { telnet: port, http: port, redis: port };
  await expect(attack('redis-takeover', { target: '127.0.0.1', ports: nobody })).rejects.toMatchObject({
    code: 'unavailable',
  });
});

it('ends early where it is told to', async () => {
  const signal = AbortSignal.abort();
  const summary = await attack('web-scanner', { target: '127.0.0.1', ports, signal });
  expect(summary).toMatchObject({ connections: 0, bytes: { sent: 0, received: 0 } });
});

it('wants a scenario that there is, and a sensible number of machines', async () => {
  await expect(attack('nonsense', { target: '127.0.0.1', ports })).rejects.toMatchObject({ code: 'usage' });
  for (const sources of [0, -1, 1.5, 1_001, Number.NaN])
    await expect(attack('mirai', { target: '127.0.0.1', ports, sources })).rejects.toMatchObject({
      code: 'usage',
    });
});
