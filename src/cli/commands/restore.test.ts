import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { caltrop, json, openData, openSystem, type System } from '../../../test/setup/commands.ts';

let system: System;
let backup = '';
beforeAll(async () => {
  system = await openSystem();
  await system.attacked('203.0.113.9');
  await system.run('allow', 'add', '198.51.100.0/24', '--reason', 'ours');
  backup = join(system.folder, 'backup');
  await system.run('backup', backup);
});
afterAll(() => system?.close());

it('makes a data directory that has what the first one had', async () => {
  const data = join(system.folder, 'copy');
  const { code, out, err } = await caltrop('restore', backup, '--data', data);
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/^Restored into \S+\/copy, as of \d{4}-\S+Z\.\n$/);

  const { folder, config } = system;
  const restored = await openData({ folder, data, config, remove() {} });
  try {
    const [status] = await restored.ask('status');
    expect(status).toMatchObject({ lake: { events: 30 }, troubles: [] });
    for (const command of [['decisions'], ['findings'], ['allow', 'list']]) {
      const copied = await restored.ask(...command);
      expect(copied.length).toBeGreaterThan(0);
      expect(copied).toEqual(await system.ask(...command));
    }
  } finally {
    await restored.close();
  }
  // What is there already is not written over.
  expect((await caltrop('restore', backup, '--data', data)).code).toBe(1);
});

it('keeps where names stood and who is hidden behind which text, and makes the graph anew', {
  timeout: 120_000,
}, async () => {
  const edges = join(system.folder, 'edges.tsv');
  const lines = Array.from({ length: 30 }, (_, n) => `www.shop${n}.example\t198.51.100.${n}`);
  writeFileSync(edges, `domain\tip\n${lines.join('\n')}\n`);
  expect((await system.run('import', '--format', 'edges', edges)).code).toBe(0);
  const list = join(system.folder, 'list.txt');
  writeFileSync(list, 'www.shop3.example\n');
  writeFileSync(system.config, `feeds:\n  lists:\n    - {name: hearsay, path: ${list}, format: plain}\n`);
  expect((await system.run('feeds', 'fetch')).code).toBe(0);
  const names = await system.ask<{ name: string }>('domains', 'rank', '--limit', '100');
  await system.run('domains', 'show', 'www.shop3.example');
  const whole = join(system.folder, 'whole');
  expect((await system.run('backup', whole)).code).toBe(0);
  const files = readdirSync(join(whole, 'files', 'reputation')).sort();
  expect(files).toEqual(['key', 'track']);
  expect(existsSync(join(system.data, 'feeds'))).toBe(true);
  expect(existsSync(join(whole, 'files', 'feeds'))).toBe(false);

  const data = join(system.folder, 'again');
  expect((await caltrop('restore', whole, '--data', data)).code).toBe(0);
  for (const name of files)
    expect(readFileSync(join(data, 'reputation', name))).toEqual(
      readFileSync(join(system.data, 'reputation', name)),
    );
  const restored = await openData({ folder: system.folder, data, config: system.config, remove() {} });
  try {
    const again = await restored.ask<{ name: string }>('domains', 'rank', '--limit', '100');
    expect(again.map(({ name }) => name).sort()).toEqual(names.map(({ name }) => name).sort());
    expect(again).toHaveLength(30);
  } finally {
    await restored.close();
  }
});

it('refuses a backup in which one byte is wrong, names the file, and leaves nothing behind', async () => {
  const damaged = join(system.folder, 'damaged');
  cpSync(backup, damaged, { recursive: true });
  const [name] = readdirSync(join(damaged, 'state'));
  writeFileSync(join(damaged, 'state', name!), 'x');
  const data = join(system.folder, 'nothing');
  const { code, err } = await caltrop('restore', damaged, '--data', data);
  expect([code, err.includes(`state/${name}`)]).toEqual([1, true]);
  const [told] = json<{ error: string; remedies: { path: string }[] }>(
    await caltrop('restore', damaged, '--data', data, '--json'),
  );
  expect([told!.error, told!.remedies.map(({ path }) => path)]).toEqual(['invalid', [`state/${name}`]]);
  expect(existsSync(data)).toBe(false);
});

it('refuses what is no backup', async () => {
  const data = join(system.folder, 'nothing');
  expect((await caltrop('restore', system.folder, '--data', data)).code).toBe(1);
  expect((await caltrop('restore', '--data', data)).code).toBe(64);
  expect(existsSync(data)).toBe(false);
});
