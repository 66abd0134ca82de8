// What it does with a bus is shown by test/roles.test.ts.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { caltrop } from '../../../test/setup/commands.ts';

const folder = mkdtempSync(join(tmpdir(), 'caltrop-enforce-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('enforces only as a host that is named', async () => {
  const config = join(folder, 'caltrop.yaml');
  writeFileSync(config, 'bus: {enforcers: [wall]}\n');
  const { code, err } = await caltrop('enforce', 'roof', '--config', config, '--data', folder);
  expect([code, err]).toEqual([64, expect.stringContaining('wall')]);
  expect((await caltrop('enforce', 'wall', '--config', config, '--data', folder)).code).toBe(78);
});
