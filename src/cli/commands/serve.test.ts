// What it does with a bus is shown by test/roles.test.ts.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { caltrop } from '../../../test/setup/commands.ts';

const folder = mkdtempSync(join(tmpdir(), 'caltrop-serve-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('needs a bus', async () => {
  const { code, err } = await caltrop('serve', '--data', folder);
  expect([code, err]).toEqual([78, expect.stringContaining('bus.servers')]);
});
