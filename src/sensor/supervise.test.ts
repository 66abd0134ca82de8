import { execFile, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLog } from '../kit/log.ts';
import { type Event, parseEvent } from '../model/event.ts';
import { payloadPath } from '../model/payload.ts';
import type { SensorHandle, SuperviseOptions } from './supervise.ts';

// What users run: the compiled process under the compiled supervisor.
const { supervise } = (await import(
  '../../dist/src/sensor/supervise.js' as string
)) as typeof import('./supervise.ts');
const { buildCell } = (await import(
  '../../dist/src/sensor/isolation.js' as string
)) as typeof import('./isolation.ts');

const run = promisify(execFile);
const root = process.getuid?.() === 0;
const cleaners: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleaners.splice(0).reverse()) await clean();
});

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'sensor-'));
  // The sensor's own user must get through to its folders, and see nothing on the way.
  chmodSync(dir, 0o711);
  cleaners.push(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** An intake that acknowledges all, and keeps what it is told by id. */
function intake() {
  const events: Event[] = [];
  const hellos: { spool: string }[] = [];
  let have = 0;
  let wake = () => {};
  return {
    events,
    hellos,
    onLink(stream: Duplex) {
      let text = '';
      stream.setEncoding('utf8');
      stream.on('error', () => {});
      stream.on('data', (piece: string) => {
        const lines = (text + piece).split('\n');
        text = lines.pop()!;
        for (const line of lines) {
          const message = JSON.parse(line) as { hello?: { spool: string }; seq: number; event: unknown };
          if (message.hello) {
            hellos.push(message.hello);
            stream.write(`{"have":${have}}\n`);
          } else {
            expect(message.seq).toBe(have + 1);
            have = message.seq;
            events.push(parseEvent(message.event));
            stream.write(`{"ack":${have}}\n`);
          }
        }
        wake();
      });
    },
    async until(done: () => boolean) {
      while (!done()) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

async function start(
  onLink: SuperviseOptions['onLink'],
  more: Partial<SuperviseOptions> = {},
): Promise<SensorHandle> {
  const dir = folder();
  const sensor = await supervise({
    name: 'lab',
    seed: 'lab',
    spoolDir: join(dir, 'spool'),
    payloadDir: join(dir, 'payloads'),
    services: ['telnet', 'http', 'redis'].map((emulator) => ({ emulator, host: '127.0.0.1', port: 0 })),
    onLink,
    log: silentLog,
    ...more,
  });
  cleaners.push(() => sensor.stop());
  return sensor;
}

const portOf = (sensor: SensorHandle, name: string) =>
  sensor.status.services.find(({ emulator }) => emulator === name)!.port;

it('shows a machine of its own on each address', async () => {
  const hub = intake();
  const sensor = await start(hub.onLink, {
    machines: [
      { name: 'one', kind: 'storage-box', hosts: ['127.0.0.1'], salt: '' },
      { name: 'two', kind: 'plc', hosts: ['127.0.0.2'], salt: 'two' },
    ],
    services: ['127.0.0.1', '127.0.0.2'].map((host, machine) => ({
      emulator: 'http',
      host,
      port: 0,
      machine,
    })),
  });
  const servers: string[] = [];
  for (const { host, port } of sensor.status.services) {
    const socket = connect({ host, port });
    socket.write('HEAD / HTTP/1.0\r\n\r\n');
    let said = '';
    for await (const piece of socket) said += piece;
    servers.push(/^Server: (\w+)/m.exec(said)?.[1] ?? '');
  }
  expect(servers).toEqual(['nginx', 'lighttpd']);
  expect(sensor.status.machines).toEqual([
    { name: 'one', kind: 'storage-box', hosts: ['127.0.0.1'] },
    { name: 'two', kind: 'plc', hosts: ['127.0.0.2'] },
  ]);
  await hub.until(() => hub.events.filter(({ kind }) => kind === 'close').length === 2);
  expect(new Set(hub.events.map((event) => `${event.sensor} ${event.dst.ip}`))).toEqual(
    new Set(['one 127.0.0.1', 'two 127.0.0.2']),
  );
});

/** Reaches for what the sensor must not have, and says how far it got. */
const escapee = (file: string, socket: string, port: number, mine: string) => `
const { readFileSync, writeFileSync } = require('node:fs');
const { connect } = require('node:net');
const attempt = (work) => { try { work(); return 'done'; } catch (error) { return error.code; } };
const dial = (to) => new Promise((resolve) => {
  const socket = connect(to);
  socket.on('connect', () => resolve('done'));
  socket.on('error', (error) => resolve(error.code));
});
(async () => {
  console.log(JSON.stringify({
    read: attempt(() => readFileSync(${JSON.stringify(file)})),
    write: attempt(() => writeFileSync(${JSON.stringify(`${file}.new`)}, '')),
    own: attempt(() => writeFileSync(${JSON.stringify(`${mine}/own`)}, '')),
    spawn: attempt(() => require('node:child_process').execFileSync('/bin/true')),
    worker: attempt(() => new (require('node:worker_threads').Worker)('1', { eval: true })),
    unix: await dial(${JSON.stringify(socket)}),
    loopback: await dial({ host: '127.0.0.1', port: ${port} }),
    elsewhere: await dial({ host: '192.0.2.1', port: 80 }),
    uid: process.getuid(),
  }));
  process.exit();
})();`;

async function breakOut(without: ('uid' | 'network' | 'permissions')[]) {
  const dir = folder();
  const code = join(dir, 'code');
  mkdirSync(code, { mode: 0o755 });
  const state = join(dir, 'state.db');
  writeFileSync(state, 'secret', { mode: 0o600 });
  const server = createServer((socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  const lake = createServer((socket) => socket.destroy());
  const path = join(dir, 'lake.sock');
  lake.listen(path);
  await Promise.all([once(server, 'listening'), once(lake, 'listening')]);
  chmodSync(path, 0o600);
  cleaners.push(
    () => server.close(),
    () => lake.close(),
  );
  const { port } = server.address() as { port: number };
  const mine = join(dir, 'mine');
  const entry = join(code, 'escapee.cjs');
  writeFileSync(entry, escapee(state, path, port, mine), { mode: 0o644 });
  const cell = await buildCell({ entry, writable: [mine], memoryMb: 64, without });
  const child = spawn(cell.command, [...cell.args, entry], {
    env: {},
    cwd: '/',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  await once(child, 'close');
  return { cell, got: JSON.parse(text) as Record<string, string | number> };
}

describe('isolation', () => {
  it.skipIf(!root)(
    'needs root: it reads no state, reaches no socket of ours, dials nobody, starts nothing',
    async () => {
      const { cell, got } = await breakOut([]);
      expect(cell.isolation).toEqual({ uid: true, network: true, permissions: true, reasons: [] });
      expect(got).toMatchObject({
        read: 'ERR_ACCESS_DENIED',
        write: 'ERR_ACCESS_DENIED',
        own: 'done',
        spawn: 'ERR_ACCESS_DENIED',
        worker: 'ERR_ACCESS_DENIED',
        unix: 'EACCES',
        loopback: 'ENETUNREACH',
        elsewhere: 'ENETUNREACH',
      });
      expect(got.uid).not.toBe(0);
    },
  );

  it.skipIf(!root)('needs root: its user and namespace hold without the permission model', async () => {
    const { cell, got } = await breakOut(['permissions']);
    expect(cell.isolation.permissions).toBe(false);
    expect(got).toMatchObject({
      read: 'EACCES',
      write: 'EACCES',
      own: 'done',
      unix: 'EACCES',
      loopback: 'ENETUNREACH',
    });
  });

  it('says which layers are missing', async () => {
    const { cell, got } = await breakOut(['uid', 'network']);
    expect(cell.isolation).toMatchObject({ uid: false, network: false, permissions: true });
    expect(got).toMatchObject({ read: 'ERR_ACCESS_DENIED', spawn: 'ERR_ACCESS_DENIED', loopback: 'done' });
  });
});

describe('the process', () => {
  it('serves real clients and tells the intake', async () => {
    const hub = intake();
    const sensor = await start(hub.onLink, {
      services: ['telnet', 'http', 'redis'].map((emulator) => ({
        emulator,
        host: '127.0.0.1',
        port: 0,
        options: emulator === 'http' ? { lures: ['jaws'] } : {},
      })),
    });
    const web = `http://127.0.0.1:${portOf(sensor, 'http')}`;
    const redis = (...args: string[]) => run('redis-cli', ['-p', String(portOf(sensor, 'redis')), ...args]);

    expect((await run('curl', ['-si', `${web}/`])).stdout).toMatch(
      /^HTTP\/1\.1 200 OK\r\nServer: nginx\/[\s\S]*Sign in/,
    );
    expect((await run('curl', ['-s', '-d', 'x'.repeat(5_000), `${web}/shell?id`])).stdout).toContain(
      'uid=0(root)',
    );
    expect((await redis('ping')).stdout).toBe('PONG\n');
    expect((await redis('set', 'a', 'b')).stdout).toBe('OK\n');
    expect((await redis('get', 'a')).stdout).toBe('b\n');
    const talk = connect(portOf(sensor, 'telnet'), '127.0.0.1');
    talk.end('root\r\n345gs5662d34\r\n');
    talk.resume();

    await hub.until(() => hub.events.filter(({ kind }) => kind === 'close').length >= 6);
    const told = (kind: string) => hub.events.filter((event) => event.kind === kind);
    expect(told('request')).toHaveLength(2);
    expect(told('login')).toMatchObject([
      { protocol: 'telnet', user: 'root', secret: '345gs5662d34', ok: false },
    ]);
    expect(told('upload')).toMatchObject([{ size: 5_000 }]);
    expect(told('command').map((event) => 'input' in event && event.input)).toEqual(
      expect.arrayContaining(['id', 'ping', 'set a b', 'get a']),
    );
    expect(payloadPath('/x', 'abcd')).toBe('/x/ab/abcd');
  });

  it('answers datagrams, over its restarts, from a process that holds no socket for them', async () => {
    const hub = intake();
    const services = [{ emulator: 'snmp', host: '127.0.0.1', port: 0, transport: 'udp' as const }];
    const sensor = await start(hub.onLink, { services });
    const port = portOf(sensor, 'snmp');
    const socket = createSocket('udp4');
    cleaners.push(() => socket.close());
    // GET of an object that is not there (RFC 3416): the answer is as long as the question.
    const question = Buffer.from(
      '302a02010104067075626c6963a01d020412345678020100020100300f300d06092b06010201090909090500',
      'hex',
    );
    const ask = async () => {
      // A datagram may be lost while the process starts.
      const again = setInterval(() => socket.send(question, port, '127.0.0.1'), 200);
      socket.send(question, port, '127.0.0.1');
      const [answer] = (await once(socket, 'message')) as [Buffer];
      clearInterval(again);
      return answer;
    };
    expect((await ask()).length).toBeLessThanOrEqual(question.length);
    process.kill(sensor.status.pid!, 'SIGKILL');
    await hub.until(() => hub.hellos.length === 2);
    expect((await ask()).length).toBeLessThanOrEqual(question.length);
    await sensor.stop();
    await hub.until(() => hub.events.some(({ kind }) => kind === 'close'));
    const login = hub.events.find(({ kind }) => kind === 'login');
    expect(login).toMatchObject({ protocol: 'snmp', transport: 'udp', handshake: 'none', secret: 'public' });
    expect(login!.dst).toEqual({ ip: '127.0.0.1', port });
    expect(sensor.status.counters.datagramAnswers).toBeGreaterThanOrEqual(2);
  });

  it('is started anew when it dies, on the same ports, and loses nothing that was told', async () => {
    const hub = intake();
    const sensor = await start(hub.onLink);
    const port = portOf(sensor, 'redis');
    await run('redis-cli', ['-p', String(port), 'echo', 'before']);
    await hub.until(() => hub.events.some(({ kind }) => kind === 'close'));
    process.kill(sensor.status.pid!, 'SIGKILL');
    await hub.until(() => hub.hellos.length === 2);
    expect(hub.hellos[0]!.spool).toBe(hub.hellos[1]!.spool);
    await run('redis-cli', ['-p', String(port), 'echo', 'after']);
    await hub.until(() =>
      hub.events.some((event) => event.kind === 'command' && event.input === 'echo after'),
    );
    expect(new Set(hub.events.map(({ id }) => id)).size).toBe(hub.events.length);
    expect(sensor.status).toMatchObject({ running: true, starts: 2 });
    process.kill(sensor.status.pid!, 'SIGKILL');
    await hub.until(() => hub.hellos.length === 3);
    await run('redis-cli', ['-p', String(port), 'ping']);
    expect(sensor.status).toMatchObject({ running: true, starts: 3 });
  });

  it('fails at once where a port is taken', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleaners.push(() => server.close());
    const { port } = server.address() as { port: number };
    const services = [{ emulator: 'telnet', host: '127.0.0.1', port }];
    await expect(start(() => {}, { services })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('stops, and has told the end of each session', async () => {
    const hub = intake();
    const sensor = await start(hub.onLink);
    const talk = connect(portOf(sensor, 'telnet'), '127.0.0.1');
    talk.on('error', () => {});
    await once(talk, 'data');
    await sensor.stop();
    expect(sensor.status.running).toBe(false);
    await hub.until(() => hub.events.some((event) => event.kind === 'close' && event.reason === 'shutdown'));
    talk.destroy();
  });
});
