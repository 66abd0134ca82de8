import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Served, serve } from '../fixture.ts';
import { play } from '../play.ts';
import { proxy } from './proxy.ts';

const run = promisify(execFile);

it.each([
  ['CONNECT 192.0.2.9:25 HTTP/1.1', '192.0.2.9', 25],
  ['CONNECT [2001:db8::1]:443 HTTP/1.1', '2001:db8::1', 443],
  ['GET http://a.example/x HTTP/1.0', 'a.example', 80],
  ['GET https://u:p@a.example:8443/x HTTP/1.0', 'a.example', 8_443],
])('tells where %s would go', async (line, host, port) => {
  const lines = await play(proxy, [line, '']);
  expect(lines).toContain(`< HTTP/1.1 503 Service Unavailable\\r\\n`);
  expect(lines.filter((one) => one.startsWith('! forward'))).toEqual([
    expect.stringContaining(`"host":"${host}","port":${port},`),
  ]);
});

it('goes nowhere with a path alone, or with no request', async () => {
  for (const line of ['GET / HTTP/1.1', 'CONNECT a:99999 HTTP/1.1', 'hello']) {
    const lines = await play(proxy, [line, '']);
    expect(lines.join('\n')).toContain('< HTTP/1.1 400 Bad Request');
    expect(lines.join('\n')).not.toContain('! forward');
  }
});

describe.skipIf(!existsSync('/usr/bin/curl'))('curl (skipped without curl)', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve(proxy);
  });
  afterAll(() => served.close());
  const curl = (...args: string[]) =>
    run('curl', ['-s', '-m', '10', ...args]).then(
      ({ stdout }) => stdout,
      (error) => `exit ${error.code}`,
    );

  it('is told no, by each way', async () => {
    const at = `127.0.0.1:${served.port}`;
    expect(await curl('-x', `http://bob:hunter2@${at}`, 'http://192.0.2.1/a')).toContain(
      'Service Unavailable',
    );
    expect(await curl('-x', `http://${at}`, 'https://192.0.2.2/')).toBe('exit 56');
    expect(await curl('-x', `socks5h://${at}`, 'http://b.example/')).toBe('exit 97');
    expect(await curl('-x', `socks4a://${at}`, 'http://c.example:81/')).toBe('exit 97');
    expect(served.told('forward').map(({ host, port }) => `${host}:${port}`)).toEqual([
      '192.0.2.1:80',
      '192.0.2.2:443',
      'b.example:80',
      'c.example:81',
    ]);
    expect(served.told('login')).toMatchObject([{ user: 'bob', secret: 'hunter2', method: 'proxy-basic' }]);
    expect(served.faults).toEqual([]);
  });

  it('asks for a login where it is told to', async () => {
    const guarded = await serve(proxy, { login: true });
    const said = await curl('-i', '-x', `http://127.0.0.1:${guarded.port}`, 'http://192.0.2.1/');
    await guarded.close();
    expect(said).toContain('HTTP/1.1 407 Proxy Authentication Required\r\n');
    expect(guarded.told('forward')).toEqual([]);
  });
});
