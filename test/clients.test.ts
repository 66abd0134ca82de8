import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createInstalled, eventually } from './setup/installed.ts';

interface Status {
  sensor: { services: { emulator: string; port: number }[] };
}
interface Timeline {
  timeline: {
    kind: string;
    protocol: string;
    handshake: string;
    user?: string;
    secret?: string;
    ok?: boolean;
    input?: string;
    method?: string;
    target?: string;
    status?: number;
    headers?: [string, string][];
  }[];
}

const system = createInstalled(
  'clients',
  `profile: lab
server: {port: 0}
intake: {enrich: false}
sensor: {services: {ssh: {enabled: false}, telnet: {port: 0, options: {failDelayMs: 50}}, http: {port: 0, options: {lures: [phpunit, php-cgi, thinkphp, cgi-traversal]}}, redis: {port: 0}}}
`,
);
let ports: Record<string, number> = {};

beforeAll(async () => {
  await system.start();
  const { sensor } = await system.get<Status>('status');
  ports = Object.fromEntries(sensor.services.map(({ emulator, port }) => [emulator, port]));
});
afterAll(() => system.remove());

const absent = (program: string) =>
  !['/usr/bin', '/bin'].some((folder) => existsSync(`${folder}/${program}`));

/** Runs a client to its end, with what it is given on standard input. */
function run(program: string, args: string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { encoding: 'latin1', timeout: 10_000 }, (error, out, err) =>
      error ? reject(new Error(`${error.message}\n${out}\n${err}`)) : resolve(out),
    );
    // A client that reads no input may have ended before it is there.
    child.stdin!.on('error', () => {});
    child.stdin!.end(input);
  });
}

/** What the system knows of an address, once it knows of the close of its last connection. */
async function seen(source: string, closes: number) {
  const { timeline } = await eventually(
    () => system.get<Timeline>(`sources/${source}`).catch(() => ({ timeline: [] })),
    ({ timeline: all }) => all.filter(({ kind }) => kind === 'close').length >= closes,
  );
  return timeline;
}

/** A conversation with the telnet client: it is told lines as its prompts show. */
function telnet(from: string) {
  const client = spawn('telnet', ['-b', from, '127.0.0.1', String(ports.telnet)]);
  let shown = '';
  client.stdout.setEncoding('latin1').on('data', (text: string) => {
    shown += text;
  });
  const gone = new Promise((resolve) => client.once('close', resolve));
  return {
    gone,
    /** What is shown up to the prompt, which is then forgotten. */
    async until(prompt: RegExp): Promise<string> {
      const text = await eventually(
        () => shown,
        (all) => prompt.test(all),
      );
      shown = '';
      return text;
    },
    type: (line: string) => client.stdin.write(`${line}\n`),
    /** As if the window were closed. */
    hangUp: () => client.kill(),
  };
}

test.skipIf(absent('telnet'))(
  'telnet is refused, logs in, gets a shell and leaves (needs telnet)',
  async () => {
    const from = '127.5.0.1';
    const mistaken = telnet(from);
    await mistaken.until(/login: $/);
    mistaken.type('h.meier');
    await mistaken.until(/Password: $/);
    mistaken.type('wrong');
    await mistaken.until(/Login incorrect\r?\n[^\n]*login: $/);
    mistaken.hangUp();
    await mistaken.gone;

    const guessing = telnet(from);
    await guessing.until(/login: $/);
    let tries = 0;
    // A plausible pair gets in at the first to third try.
    for (let shown = ''; !/# $/.test(shown) && tries < 3; tries++) {
      guessing.type('root');
      await guessing.until(/Password: $/);
      guessing.type('admin');
      shown = await guessing.until(/(?:login: |# )$/);
    }
    guessing.type('uname -s; cat /proc/mounts | head -n 1');
    expect(await guessing.until(/Linux[\s\S]*# $/)).toMatch(/\n\S+ \/ \S+ /);
    guessing.type('exit');
    await guessing.gone;

    const timeline = await seen(from, 2);
    const logins = timeline.filter(({ kind }) => kind === 'login').reverse();
    expect(logins).toHaveLength(1 + tries);
    expect(logins[0]).toMatchObject({ user: 'h.meier', secret: 'wrong', ok: false });
    expect(logins.at(-1)).toMatchObject({ user: 'root', secret: 'admin', ok: true });
    expect(timeline.filter(({ kind }) => kind === 'command').map(({ input }) => input)).toEqual([
      'exit',
      'uname -s; cat /proc/mounts | head -n 1',
    ]);
    expect(timeline.every(({ handshake }) => handshake === 'established')).toBe(true);
  },
);

test.skipIf(absent('curl'))(
  'curl sees a web server, and the answers that scanners look for (needs curl)',
  async () => {
    const curl = (...args: string[]) => run('curl', ['-sS', '--interface', '127.5.0.2', '-m', '8', ...args]);
    const base = `http://127.0.0.1:${ports.http}`;
    const page = await curl('-i', `${base}/`);
    expect(page).toMatch(/^HTTP\/1\.1 200 OK\r\nServer: nginx/);
    expect(page).toMatch(/<title>[^<]+<\/title>/);
    expect(await curl('-I', `${base}/`)).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\n$/);
    expect(await curl('-i', `${base}/no-such-page`)).toMatch(/^HTTP\/1\.1 404 Not Found/);
    // Known answers: md5 of what the request asks for (RFC 1321).
    expect(
      await curl(
        '-d',
        '<?php echo(md5("Hello PHPUnit"));',
        `${base}/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php`,
      ),
    ).toContain('6a9f35012f4290369bcf45fd7ccf29cf');
    expect(
      await curl(
        '-d',
        '<?php echo(md5("Hello CVE-2024-4577"));',
        `${base}/hello.world?%ADd+allow_url_include%3d1+%ADd+auto_prepend_file%3dphp://input`,
      ),
    ).toContain('d5c6a2deb8ac3d4e74d79d582b9f3898');
    expect(
      await curl(
        '-g',
        `${base}/index.php?s=/index/\\think\\app/invokefunction&function=call_user_func_array&vars[0]=md5&vars[1][]=HelloThinkPHP21`,
      ),
    ).toContain('6c3b442f7280dcdb9ac44ae3aedcdd62');
    expect(await curl('--path-as-is', `${base}/cgi-bin/.%2e/.%2e/.%2e/etc/passwd`)).toContain('root:');

    const timeline = await seen('127.5.0.2', 7);
    const first = timeline.filter(({ kind }) => kind === 'request').at(-1)!;
    expect(first).toMatchObject({ method: 'GET', target: '/', status: 200, protocol: 'http' });
    expect(first.headers!.map(([name]) => name)).toEqual(['Host', 'User-Agent', 'Accept']);
  },
);

test.skipIf(absent('nc'))('nc speaks plain lines to Redis and nonsense to HTTP (needs nc)', async () => {
  const nc = (port: number, input: string) =>
    run('nc', ['-q', '1', '-w', '5', '-s', '127.5.0.3', '127.0.0.1', String(port)], input);
  expect(await nc(ports.redis!, 'PING\r\nECHO hello\r\nQUIT\r\n')).toBe('+PONG\r\n$5\r\nhello\r\n+OK\r\n');
  expect(await nc(ports.http!, 'HELO there\r\n\r\n')).toMatch(/^(?:HTTP\/1\.1 )?[\s\S]*400 Bad Request/);
  const timeline = await seen('127.5.0.3', 2);
  expect(timeline.filter(({ kind }) => kind === 'command').map(({ input }) => input)).toContain('ECHO hello');
});

test.skipIf(absent('redis-cli'))('redis-cli uses the decoy like a database (needs redis-cli)', async () => {
  const cli = (...args: string[]) =>
    run('redis-cli', ['-h', '127.0.0.1', '-p', String(ports.redis), ...args]);
  expect(await cli('SET', 'a key', 'a value\n"quoted"')).toBe('OK\n');
  expect(await cli('--no-raw', 'GET', 'a key')).toBe('"a value\\n\\"quoted\\""\n');
  expect(await cli('INFO', 'server')).toMatch(/os:Linux/);
  expect(await cli('CONFIG', 'SET', 'dir', '/var/spool/cron')).toBe('OK\n');
  expect(await cli('CONFIG', 'GET', 'dir')).toBe('dir\n/var/spool/cron\n');
  expect(await cli('-3', 'PING')).toBe('PONG\n');
  expect(await cli('NOSUCH', 'x')).toMatch(/^(?:\(error\) )?ERR unknown command/);
  expect((await run('redis-cli', ['-p', String(ports.redis)], 'INCR n\nINCR n\n')).trim()).toBe('1\n2');
  const timeline = await seen('127.0.0.1', 8);
  expect(timeline.filter(({ kind }) => kind === 'command').map(({ input }) => input)).toContain(
    'CONFIG SET dir /var/spool/cron',
  );
  expect(await system.get('decisions?source=127.0.0.1')).toEqual([]);
});
