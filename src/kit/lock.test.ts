import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockFolder } from './lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caltrop-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a second owner is refused until the first lets go', () => {
  const release = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow(/owns this data directory/);
  release();
  lockFolder(folder)();
});

test('a lock whose process is gone is taken over', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => child.once('exit', resolve));
  writeFileSync(join(folder, 'lock'), `${child.pid} 12345\n`);
  lockFolder(folder)();
  expect(readdirSync(folder)).toEqual([]);
});

test('a lock of an earlier bearer of our process id is taken over', () => {
  writeFileSync(join(folder, 'lock'), `${process.pid} 1\n`);
  lockFolder(folder)();
});
