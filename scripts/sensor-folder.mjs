// Makes dist/sensor: all that a machine needs to be a sensor of a fleet, besides Node. Copy it there; to update, copy a new one.
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'dist/sensor');
const parts = ['kit', 'model', 'sensor', 'fleet', 'member.js', 'member-main.js', 'version.js'];

export function makeSensorFolder() {
  rmSync(folder, { recursive: true, force: true });
  for (const part of parts)
    cpSync(join(root, 'dist/src', part), join(folder, 'dist/src', part), { recursive: true });
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  writeFileSync(
    join(folder, 'package.json'),
    `${JSON.stringify({ name: 'caltrop-sensor', version, type: 'module', private: true })}\n`,
  );
  cpSync(join(root, 'node_modules/zod'), join(folder, 'node_modules/zod'), {
    recursive: true,
    filter: (path) => !/\.(ts|cts|mts|cjs|map|md)$/.test(path) && !path.endsWith('/zod/src'),
  });
  for (const name of ['LICENSE', 'NOTICE']) cpSync(join(root, name), join(folder, name));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'caltrop'), "#!/usr/bin/env node\nimport './dist/src/member-main.js';\n");
  chmodSync(join(folder, 'caltrop'), 0o755);
}
