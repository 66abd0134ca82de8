import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSystem, type System } from '../../../test/setup/commands.ts';

let system: System;
beforeAll(async () => {
  system = await openSystem();
  await system.attacked('203.0.113.9');
});
afterAll(() => system?.close());

it('writes a new folder that only its owner can read, with a checksum for each file and no token', async () => {
  await system.run('token', 'a secret');
  const folder = join(system.folder, 'one');
  const { code, out, err } = await system.run('backup', folder);
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/^\d+ files, \d+\.\d MiB in \S+\/one\. Tokens are not in it\.\n$/);
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as {
    files: { path: string; sha256: string }[];
  };
  expect(manifest.files).toHaveLength(Number.parseInt(out, 10));
  for (const { path, sha256 } of manifest.files) {
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(statSync(join(folder, path)).mode & 0o077).toBe(0);
  }
  expect(readFileSync(join(folder, 'state/decisions.jsonl'), 'utf8')).toContain('203.0.113.9');
  expect(readdirSync(join(folder, 'state')).filter((name) => name.includes('token'))).toEqual([]);
});

it('says with --json how much it wrote where', async () => {
  const folder = join(system.folder, 'two');
  const lines = await system.ask<{ type: string; files?: number }>('backup', folder);
  expect(lines.at(-1)).toMatchObject({ type: 'finished', folder });
  expect(lines.at(-1)!.files).toBeGreaterThan(5);
});

it('overwrites nothing', async () => {
  const folder = join(system.folder, 'full');
  mkdirSync(folder);
  writeFileSync(join(folder, 'mine'), 'x');
  const { code, err } = await system.run('backup', folder);
  expect([code, err]).toEqual([1, `caltrop: That is refused. ${folder} is not empty.\n`]);
  expect(readdirSync(folder)).toEqual(['mine']);
  expect((await system.run('backup', '/dev/null/backup')).code).toBe(1);
  expect((await system.run('backup')).code).toBe(64);
  expect(existsSync('/dev/null/backup')).toBe(false);
});
