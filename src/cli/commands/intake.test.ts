// What it does with a bus is shown by test/roles.test.ts.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { caltrop } from '../../../test/setup/commands.ts';

const folder = mkdtempSync(join(tmpdir(), 'caltrop-intake-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('needs a bus, and says where it does not answer', async () => {
  expect((await caltrop('intake', '--data', folder)).code).toBe(78);
  const config = join(folder, 'caltrop.yaml');
  // A port of nobody: discard (RFC 863).
  writeFileSync(config, 'bus: {servers: ["127.0.0.1:9"]}\n');
  const { code, err } = await caltrop('intake', '--config', config, '--data', folder);
  expect([code, err]).toEqual([1, expect.stringContaining('The bus does not answer')]);
});
