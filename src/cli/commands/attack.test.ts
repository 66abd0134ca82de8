import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { caltrop, json } from '../../../test/setup/commands.ts';

/** Attacks for a data directory on which nothing runs. */
const attack = (...args: string[]) => caltrop('attack', ...args, '--data', '/nonexistent');

it.each([
  ['refused', 1, ['mirai', '--target', '192.0.2.1']],
  ['refused', 1, ['mirai', '--target', '192.0.2.1', '--i-own-this-host']],
  ['usage', 64, ['mirai', '--target', 'example.org', '--i-own-this-host']],
  ['usage', 64, []],
  ['usage', 64, ['nonsense']],
  ['usage', 64, ['mirai', 'benign']],
  ['usage', 64, ['mirai', '--port', 'telnet=70000']],
  ['usage', 64, ['mirai', '--port', 'gopher=70']],
  ['usage', 64, ['mirai', '--sources', 'many']],
  ['unavailable', 1, ['mirai', '--port', 'telnet=1', '--port', 'http=1', '--sources', '1']],
])('ends as %s (%i) on %j', async (error, code, args) => {
  const ran = await attack(...args, '--json');
  expect([ran.code, json(ran)[0]!.error]).toEqual([code, error]);
});

it('acts from addresses of loopback, as many as it is told, and says what it did', async () => {
  const callers = new Set<string>();
  const server = createServer((socket) => {
    callers.add(socket.remoteAddress!);
    socket.on('error', () => {}).end('-ERR\r\n');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const args = ['redis-takeover', '--port', `redis=${port}`, '--sources', '2', '--seed', '7'];
  try {
    const { code, out } = await attack(...args);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^redis-takeover: 2 machine\(s\) made \d+ connections to 127\.0\.0\.1 in \d+\.\d s\n/,
    );
    for (const caller of callers) expect(out).toContain(`  ${caller} `);
    expect(callers.size).toBe(2);
    // The same seed, the same machines.
    const [summary] = json<{ sources: string[] }>(await attack(...args, '--json'));
    expect(new Set(summary!.sources)).toEqual(callers);
  } finally {
    server.close();
  }
});
