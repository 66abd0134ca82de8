// Compiles the server to dist/ (types are checked by `npm run check`) and, where its sources changed, the console to dist/console/.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const quiet = process.argv.includes('--quiet');
const say = (line) => quiet || console.error(line);

function newest(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function run(script, args) {
  execFileSync(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd: root,
    stdio: quiet ? ['ignore', 'ignore', 'inherit'] : 'inherit',
  });
}

const sources = [
  'src',
  'scripts',
  'attack',
  'bench',
  'eval',
  'tsconfig.json',
  'tsconfig.build.json',
  'package-lock.json',
];
if (Math.max(...sources.map((name) => newest(join(root, name)))) > newest(join(root, 'dist/.built'))) {
  say('building the server');
  run('typescript/bin/tsc', ['-p', 'tsconfig.build.json', '--noCheck']);
  const { compileAddressTables } = await import('../dist/src/intake/address-file.js');
  const { readAddressTables } = await import('../dist/src/intake/address-tables.js');
  compileAddressTables(readAddressTables());
  const { makeSensorFolder } = await import('./sensor-folder.mjs');
  makeSensorFolder();
  writeFileSync(join(root, 'dist/.built'), '');
}
if (
  existsSync(join(root, 'console/index.html')) &&
  newest(join(root, 'console')) > newest(join(root, 'dist/console'))
) {
  say('building the console');
  run('vite/bin/vite.js', ['build', 'console', '--logLevel', 'warn']);
}
