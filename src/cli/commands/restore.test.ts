import { cpSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
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
