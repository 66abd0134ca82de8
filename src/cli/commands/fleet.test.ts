import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { caltrop, json } from '../../../test/setup/commands.ts';
import { Program } from '../../../test/setup/program.ts';
import { startOf } from '../../kit/process.ts';
import { connectClient } from '../client.ts';

const root = join(import.meta.dirname, '../../..');
const visitor = '127.0.0.77';
const patience = { timeout: 40_000, interval: 200 };

let hub: Program;
let fleetPort = 0;
let member: ChildProcess | undefined;
let data = '';
let redis = 0;
let telnet = 0;

interface Row {
  name: string;
  control: boolean;
  link: boolean;
  serial: number;
  revoked: number | null;
  health: { config: number; running: boolean; counters: Record<string, number> } | null;
}

beforeAll(async () => {
  [fleetPort, redis, telnet] = await freePorts();
  hub = new Program(
    `sensor: {enabled: false}\nserver: {port: 0}\nfleet: {enabled: true, port: ${fleetPort}}\n`,
  );
  data = join(hub.folder, 'edge');
  mkdirSync(data, { mode: 0o711 });
  await hub.start();
});
afterAll(async () => {
  await end(member, 'SIGTERM');
  await hub?.stop();
  hub?.remove();
});

const onHub = (...args: string[]) =>
  caltrop('fleet', ...args, '--data', hub.data, '--config', hub.config, '--json');
const row = async () => json<Row>(await onHub())[0]!;

it('takes a sensor in by an invitation, once', async () => {
  expect((await onHub('configure', 'edge-1', settings('redis', redis))).code).toBe(1);
  const [invited] = json<{ token: string; port: number }>(await onHub('invite', 'edge-1'));
  expect(invited!.port).toBe(fleetPort);
  const enrol = (token: string) =>
    caltrop('sensor', 'enrol', `127.0.0.1:${fleetPort}`, token, '--data', data);
  const tampered = await enrol(`${invited!.token.slice(0, -4)}AAAA`);
  expect([tampered.code, tampered.err]).toEqual([1, expect.stringContaining('not the hub')]);
  expect((await enrol('nonsense')).code).toBe(64);
  const { code, out } = await enrol(invited!.token);
  expect([code, out]).toEqual([0, expect.stringContaining('This is edge-1 now')]);
  const again = await enrol(invited!.token);
  expect([again.code, again.err]).toEqual([1, expect.stringContaining('not open')]);
  expect((await caltrop('fleet', '--data', hub.data, '--config', hub.config)).out).toContain('lost');
});

it('runs what the hub says, and hands over what is done to it', async () => {
  expect((await onHub('configure', 'edge-1', settings('redis', redis))).code).toBe(0);
  member = await run(root);
  await vi.waitFor(
    async () =>
      expect(await row()).toMatchObject({ control: true, link: true, health: { config: 1, running: true } }),
    patience,
  );
  await touch(redis, 'one');
  await vi.waitFor(async () => expect(await seen()).toEqual(['one']), patience);
  const { out } = await caltrop('fleet', '--data', hub.data, '--config', hub.config);
  expect(out).toMatch(/edge-1 +well +\S+ +1\/1 +1 +0 events/);
});

it('keeps what comes while the hub is gone, and hands it over once', async () => {
  hub.main!.kill('SIGKILL');
  await hub.ended();
  await touch(redis, 'two');
  await hub.start();
  await vi.waitFor(async () => expect(await seen()).toEqual(['one', 'two']), patience);
});

it('loses nothing where it is killed, and started from the folder of another version', async () => {
  hub.main!.kill('SIGKILL');
  await hub.ended();
  await touch(redis, 'three');
  const pid = Number(readFileSync(join(data, 'sensor/pid'), 'utf8').split(' ')[0]);
  await end(member, 'SIGKILL');
  await vi.waitFor(() => expect(startOf(pid)).toBe(''), patience);
  const other = join(hub.folder, 'sensor');
  cpSync(join(root, 'dist', 'sensor'), other, { recursive: true });
  member = await run(other);
  await vi.waitFor(() => touch(redis, 'four'), patience);
  await hub.start();
  await vi.waitFor(async () => expect(await seen()).toEqual(['one', 'two', 'three', 'four']), patience);
});

it('becomes something else without being touched', async () => {
  await onHub('configure', 'edge-1', settings('telnet', telnet));
  await vi.waitFor(
    async () => expect((await row()).health).toMatchObject({ config: 2, running: true }),
    patience,
  );
  await touch(telnet, 'root');
  await expect(touch(redis, 'five')).rejects.toThrow('ECONNREFUSED');
});

it('is out once it is revoked', async () => {
  expect((await onHub('revoke', 'edge-1')).code).toBe(0);
  await vi.waitFor(async () => expect(await row()).toMatchObject({ control: false, link: false }), patience);
  expect((await row()).revoked).not.toBeNull();
  expect((await onHub('revoke', 'nobody')).code).toBe(1);
  expect((await onHub('dance', 'edge-1')).code).toBe(64);
});

function settings(emulator: string, port: number): string {
  const path = join(hub.folder, `${emulator}.yaml`);
  const off = ['ssh', 'telnet', 'http', 'redis'].filter((name) => name !== emulator);
  const services = [`${emulator}: {port: ${port}}`, ...off.map((name) => `${name}: {enabled: false}`)];
  writeFileSync(path, `bind: [127.0.0.1]\nservices: {${services.join(', ')}}\n`);
  return path;
}

async function run(folder: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(folder, 'caltrop'), 'sensor', 'run', '--data', data], {
    stdio: 'ignore',
  });
  await once(child, 'spawn');
  return child;
}

async function end(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}

/** Says one thing to a decoy, and waits for its answer. */
function touch(port: number, word: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, localAddress: visitor });
    socket.setTimeout(5_000, () => socket.destroy(new Error('no answer')));
    socket.on('error', reject);
    socket.on('close', () => resolve());
    socket.on('data', () => socket.end());
    socket.write(`ECHO ${word}\r\n`);
  });
}

/** What the hub has of it, in order. */
async function seen(): Promise<string[]> {
  const api = await connectClient(hub.data);
  const { timeline } = await api!.ask<{ timeline: { kind: string; input?: string; time: number }[] }>(
    'GET',
    `/api/v1/sources/${visitor}`,
  );
  return timeline
    .filter(({ kind }) => kind === 'command')
    .sort((a, b) => a.time - b.time)
    .map(({ input }) => input!.split(' ')[1]!);
}

async function freePorts(): Promise<[number, number, number]> {
  const servers = Array.from({ length: 3 }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  for (const server of servers) server.close();
  return ports as [number, number, number];
}
