import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { caltrop, hostile, json, openSystem, type System } from '../../../test/setup/commands.ts';

let system: System;
beforeAll(async () => {
  system = await openSystem();
});
afterAll(() => system?.close());

it('holds where nothing runs and nothing was ever stored: what starts later finds it', async () => {
  const data = join(system.folder, 'new');
  const { code, out } = await caltrop('stop', '--data', data);
  expect([code, out]).toEqual([
    0,
    'The kill switch is set. Nothing runs here; what starts will deny nothing.\n',
  ]);
  expect(existsSync(join(data, 'STOP'))).toBe(true);
  expect(existsSync(join(data, 'state'))).toBe(false);
  expect(json(await caltrop('stop', '--data', data, '--json'))).toEqual([{ set: true, emptied: null }]);
});

it('reaches what runs, which proves its sets empty, and audits who stopped it and why', async () => {
  expect(system.pipeline.killSwitch.engaged()).toBe(false);
  const { code, out } = await system.run('stop', '--reason', hostile);
  expect([code, out]).toEqual([0, 'The kill switch is set. Every set was emptied, and read back empty.\n']);
  expect(system.pipeline.killSwitch.engaged()).toBe(true);
  expect(await system.ask('stop')).toEqual([{ set: true, emptied: true }]);
  const audited = readFileSync(join(system.data, 'audit.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { action: string; data: { set: boolean; reason: string } });
  expect(audited.filter(({ action }) => action === 'kill-switch').map(({ data }) => data)).toEqual([
    { set: true, reason: hostile },
    { set: true, reason: 'stopped from the command line' },
  ]);
});

it('fails where the data directory cannot be written', async () => {
  const { code, err } = await caltrop('stop', '--data', '/dev/null/data');
  expect([code, err.startsWith('caltrop: ')]).toEqual([1, true]);
});
