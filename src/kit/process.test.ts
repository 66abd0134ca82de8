import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { notePid, settlePid, startOf } from './process.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caltrop-pid-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const child = (code: string) =>
  spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'ignore'] });

test('waits for a process that ends by itself, and ends one that does not', async () => {
  const path = join(folder, 'pid');
  const ends = child('setTimeout(() => {}, 300)');
  notePid(path, ends.pid);
  await settlePid(path, 10_000);
  expect([startOf(ends.pid!), existsSync(path)]).toEqual(['', false]);
  const stays = child('setInterval(() => {}, 1000); console.log(1)');
  await new Promise((resolve) => stays.stdout!.once('data', resolve));
  notePid(path, stays.pid);
  await settlePid(path, 60);
  expect(startOf(stays.pid!)).toBe('');
});

test('another process with the same id is let alone', async () => {
  const path = join(folder, 'pid');
  writeFileSync(path, `${process.pid} 1\n`);
  await settlePid(path, 10_000);
  await settlePid(join(folder, 'none'), 10_000);
  expect(startOf(process.pid)).not.toBe('');
});
