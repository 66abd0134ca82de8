import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, test } from 'vitest';
import { caltrop } from '../../../test/setup/commands.ts';

const root = join(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'caltrop-demo-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const config = join(folder, 'caltrop.yaml');
const bad = join(folder, 'bad.yaml');
writeFileSync(
  config,
  `server: {port: 0}
intake: {enrich: false}
sensor: {services: {ssh: {enabled: false}, telnet: {port: 0, options: {failDelayMs: 20}}, http: {port: 0}, redis: {port: 0}}}
`,
);

/** The demonstration, on a data directory that it makes and removes itself. */
function demo(...args: string[]) {
  const env = { ...process.env };
  delete env.CALTROP_DATA;
  const child = spawn(process.execPath, [join(root, 'caltrop'), 'demo', '--config', config, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return { child, gone: once(child, 'exit') as Promise<[number | null, string | null]> };
}

interface Line {
  type: string;
  data?: string;
  source?: string;
  evidence?: string;
  reason?: string;
  denied?: number;
  missed?: number;
  wronged?: number;
}

test('the demonstration denies every attacker, spares every visitor, says why, and cleans up', async () => {
  const { child, gone } = demo('--once', '--json');
  const lines: Line[] = [];
  for await (const line of createInterface({ input: child.stdout })) lines.push(JSON.parse(line) as Line);
  expect(await gone).toEqual([0, null]);

  const of = (type: string) => lines.filter((line) => line.type === type);
  expect(of('scenario')).toHaveLength(5);
  const denied = new Set(of('denied').map(({ source }) => source));
  expect(denied.size).toBe(10);
  for (const { evidence } of of('denied')) expect(['E4', 'E5']).toContain(evidence);
  expect(of('spared')).toHaveLength(6);
  for (const { source, reason } of of('spared')) {
    expect(denied.has(source)).toBe(false);
    expect(reason).not.toBe('');
  }
  expect(lines.at(-1)).toMatchObject({ type: 'ended', denied: 10, missed: 0, wronged: 0 });
  expect(existsSync(dirname(of('started')[0]!.data!))).toBe(false);
}, 180_000);

test('it ends when it is told to, also in the middle, and colours nothing that is no terminal', async () => {
  const { child, gone } = demo();
  let shown = '';
  for await (const piece of child.stdout) {
    shown += String(piece);
    if (/ {2}mirai {2}/.test(shown)) break;
  }
  child.kill('SIGINT');
  expect(await gone).toEqual([0, null]);
  expect(shown).toMatch(/Console {4}http:\/\/127\.0\.0\.1:\d+\/#token=/);
  expect(shown).not.toContain('\u001b');
}, 120_000);

test('it takes only what it knows', async () => {
  expect((await caltrop('demo', '--twice')).code).toBe(64);
  writeFileSync(bad, 'profile: wild\n');
  expect((await caltrop('demo', '--config', bad)).code).toBe(78);
});
