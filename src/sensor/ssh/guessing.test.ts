// Password guessers find in our server what they would find in a real one.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Served } from '../fixture.ts';
import { serveSsh } from './fixture.ts';

const run = promisify(execFile);
const has = (name: string) => existsSync(`/usr/bin/${name}`);
const folder = mkdtempSync(join(tmpdir(), 'caltrop-guessing-'));
const users = join(folder, 'users');
const secrets = join(folder, 'secrets');
const pairs = ['root', 'toor', 'password', 'admin', '123456', 'letmein', 'qwerty', '1234'];
let served: Served;

beforeAll(async () => {
  writeFileSync(users, 'root\n');
  writeFileSync(secrets, `${pairs.join('\n')}\n`);
  served = await serveSsh({ product: 'openssh-9.2p1-debian12', seed: 'guessed' });
});
afterEach(() => expect(served.faults).toEqual([]));
afterAll(async () => {
  await served?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The one pair that the server let in, from an address that nobody came from before. */
const opened = () => [...new Set(served.told('login').flatMap(({ ok, secret }) => (ok ? [secret] : [])))];

it.skipIf(!has('hydra'))(
  'hydra finds the pair that works, and only that (skipped without hydra)',
  async () => {
    const { stdout } = await run(
      'hydra',
      ['-L', users, '-P', secrets, '-t', '4', '-f', '-s', String(served.port), 'ssh://127.0.0.1'],
      { timeout: 50_000 },
    ).catch((error) => error as { stdout: string });
    const [secret] = opened();
    expect(secret).toBeDefined();
    expect(stdout).toContain(`login: root   password: ${secret}`);
    expect(served.told('login').length).toBeGreaterThan(0);
  },
);

it.skipIf(!has('ncrack'))('ncrack finds it too (skipped without ncrack)', async () => {
  const { stdout } = await run(
    'ncrack',
    ['-U', users, '-P', secrets, '-f', '--connection-limit', '2', `ssh://127.0.0.1:${served.port}`],
    { timeout: 50_000 },
  ).catch((error) => error as { stdout: string });
  const [secret] = opened();
  expect(stdout).toContain(`'root' '${secret}'`);
});
