// What it does with a bus is shown by test/roles.test.ts.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { caltrop } from '../../../test/setup/commands.ts';

const folder = mkdtempSync(join(tmpdir(), 'caltrop-analyse-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('watches only shards that there are', async () => {
  for (const shards of ['2', '-1', 'x', '0,7'])
    expect((await caltrop('analyse', `--shards=${shards}`, '--data', folder)).code).toBe(64);
  expect((await caltrop('analyse', '--shards', '0,1', '--data', folder)).code).toBe(78);
});
