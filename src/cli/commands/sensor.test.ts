import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { caltrop, hostile, unprintable } from '../../../test/setup/commands.ts';
import { parseEvent } from '../../model/event.ts';

const folder = mkdtempSync(join(tmpdir(), 'caltrop-sensor-'));
// The sensor's own user has to come through to its spool.
chmodSync(folder, 0o711);
const data = join(folder, 'data');
const config = join(folder, 'caltrop.yaml');
writeFileSync(
  config,
  'sensor: {services: {ssh: {enabled: false}, telnet: {port: 0}, http: {port: 0}, redis: {port: 0}}}\n',
);

let child: ChildProcess;
let events: Interface;
let port = 0;
beforeAll(async () => {
  const program = join(import.meta.dirname, '../../../caltrop');
  child = spawn(program, ['sensor', '--config', config, '--data', data], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  events = createInterface({ input: child.stdout! });
  for await (const line of createInterface({ input: child.stderr! })) {
    const said = JSON.parse(line) as { message: string; emulator?: string; port?: number };
    if (said.message !== 'a decoy listens' || said.emulator !== 'redis') continue;
    port = said.port!;
    break;
  }
});
afterAll(async () => {
  if (child?.exitCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
});

it('prints what is done to its decoys as JSON lines, and keeps no database', async () => {
  const socket = connect({ host: '127.0.0.1', port, localAddress: '127.0.0.9' });
  socket.write(`*2\r\n$3\r\nGET\r\n$${Buffer.byteLength(hostile)}\r\n${hostile}\r\nQUIT\r\n`);
  socket.resume();
  const seen: string[] = [];
  for await (const line of events) {
    const event = parseEvent(JSON.parse(line));
    expect([event.src.ip, event.protocol]).toEqual(['127.0.0.9', 'redis']);
    expect(line).not.toMatch(unprintable);
    seen.push(event.kind);
    if (event.kind === 'close') break;
  }
  expect(seen[0]).toBe('connect');
  expect(seen).toContain('command');
  for (const name of ['state', 'lake', 'audit.jsonl']) expect(existsSync(join(data, name))).toBe(false);
});

it('owns its data directory', async () => {
  const second = await caltrop('sensor', '--config', config, '--data', data);
  expect([second.code, second.err.includes('Another process owns')]).toEqual([1, true]);
});

it('refuses a configuration with faults before it opens anything', async () => {
  const bad = join(folder, 'bad.yaml');
  writeFileSync(bad, 'sensor: {bind: [nowhere]}\n');
  const none = join(folder, 'none');
  expect((await caltrop('sensor', '--config', bad, '--data', none)).code).toBe(78);
  expect(existsSync(none)).toBe(false);
});

it('tells what would give a machine away', async () => {
  const many = join(folder, 'many.yaml');
  const lint = () => caltrop('sensor', 'lint', '--config', many, '--data', join(folder, 'unused'));
  writeFileSync(
    many,
    'sensor: {addresses: [{ip: 127.0.0.2, persona: plc}, {ip: 127.0.0.3, persona: windows-server}]}\n',
  );
  const good = await lint();
  expect([good.code, good.out.match(/^ok {2}/gm)?.length]).toEqual([0, 2]);
  writeFileSync(many, 'sensor: {persona: windows-server, services: {redis: {}}}\n');
  const bad = await lint();
  expect(bad.code).toBe(1);
  expect(bad.out).toContain('services: redis does not run on Windows Server 2016 Standard');
  expect(existsSync(join(folder, 'unused'))).toBe(false);
});

it('ends when it is told to', async () => {
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});
