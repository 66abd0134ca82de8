import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { caltrop, newData } from '../../../test/setup/commands.ts';

let place: Awaited<ReturnType<typeof newData>>;
let child: ChildProcess;
let shown = '';
beforeAll(async () => {
  place = await newData(
    'server: {port: 0}\nintake: {enrich: false}\nsensor: {services: {ssh: {enabled: false}, telnet: {port: 0}, http: {port: 0}, redis: {port: 0}}}\n',
  );
  const program = join(import.meta.dirname, '../../../caltrop');
  child = spawn(program, ['up', '--config', place.config, '--data', place.data], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise<void>((resolve) => {
    child.stdout!.on('data', (piece: Buffer) => {
      shown += String(piece);
      if (shown.includes('Touch one')) resolve();
    });
    child.once('exit', () => resolve());
  });
});
afterAll(async () => {
  if (child?.exitCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  place?.remove();
});

it('says where the console is, with a token that opens it, and that nothing is blocked', async () => {
  expect(shown).toContain('Caltrop is running: decisions are simulated, nothing is blocked.');
  const [, address, token] = /Console {3}(http:\/\/127\.0\.0\.1:\d+\/)#token=(\S+)/.exec(shown)!;
  const api = `${address}api/v1/status`;
  expect((await fetch(api)).status).toBe(401);
  const answer = await fetch(api, { headers: { authorization: `Bearer ${token}` } });
  expect(await answer.json()).toMatchObject({ running: true, mode: 'simulate', sensor: { running: true } });
});

it('goes on where nobody reads any more what it prints', async () => {
  child.stdout!.destroy();
  const again = spawn(join(import.meta.dirname, '../../../caltrop'), ['status', '--data', place.data], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  again.stdout!.destroy();
  const [code] = (await once(again, 'exit')) as [number];
  expect(code).toBe(0);
  expect(child.exitCode).toBeNull();
});

it('says how to touch a decoy, and one is there', async () => {
  for (const name of ['telnet', 'http', 'redis'])
    expect(shown).toMatch(new RegExp(`^[ A-Za-z]*${name} +127\\.0\\.0\\.1 \\d+$`, 'm'));
  const [, host, port] = /Touch one: nc (\S+) (\d+)/.exec(shown)!;
  const socket = connect({ host: host!, port: Number(port) });
  const [greeting] = (await once(socket, 'data')) as [Buffer];
  expect(greeting.length).toBeGreaterThan(0);
  socket.destroy();
});

it('owns its data directory, and others find it there', async () => {
  const second = await caltrop('up', '--config', place.config, '--data', place.data);
  expect([second.code, second.err.includes('Another process owns')]).toEqual([1, true]);
  const { code, out } = await caltrop('status', '--data', place.data);
  expect([code, out.split('\n')[0]]).toMatchObject([0, expect.stringContaining('is running')]);
});

it('refuses a configuration with faults before it opens anything', async () => {
  const bad = join(place.folder, 'bad.yaml');
  writeFileSync(bad, 'profile: wild\n');
  const none = join(place.folder, 'none');
  const { code, err } = await caltrop('up', '--config', bad, '--data', none);
  expect([code, err.includes('  profile: expected ')]).toEqual([78, true]);
  expect(existsSync(none)).toBe(false);
});

it('refuses the lab profile where others could reach it', async () => {
  const lab = await newData('profile: lab\nserver: {host: 0.0.0.0}\n');
  try {
    const { code, err } = await caltrop('up', '--config', lab.config, '--data', lab.data);
    expect([code, err.includes('The lab profile is for loopback only.')]).toEqual([78, true]);
  } finally {
    lab.remove();
  }
});

it('ends when it is told to, and leaves its directory to others', async () => {
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(existsSync(join(place.data, 'run/api.sock'))).toBe(false);
});
