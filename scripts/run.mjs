// What the npm scripts call: installs what is missing, builds what is stale, then runs. Needs nothing but Node.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const [what, ...args] = process.argv.slice(2);

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Caltrop needs Node 20.19 or later; this is ${process.versions.node}.`);
  process.exit(1);
}

/** Installs when the lock file is not the one that was installed last. */
function install() {
  const stamp = join(root, 'node_modules/.caltrop-installed');
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  console.error('installing what is missing (npm ci)');
  const npm = process.env.npm_execpath;
  const [command, first] = npm ? [process.execPath, [npm]] : ['npm', []];
  execFileSync(command, [...first, 'ci', '--no-audit', '--no-fund'], { cwd: root, stdio: ['ignore', 2, 2] });
  writeFileSync(stamp, lock);
}

function node(script, more = []) {
  const child = spawn(process.execPath, [join(root, script), ...more], {
    cwd: process.env.INIT_CWD ?? root,
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}

install();
if (what !== 'test')
  execFileSync(process.execPath, [join(root, 'scripts/build.mjs')], { cwd: root, stdio: ['ignore', 2, 2] });
switch (what) {
  case 'start':
    node('caltrop', ['up', ...args]);
    break;
  case 'demo':
    node('caltrop', ['demo', ...args]);
    break;
  case 'bench':
    node('dist/bench/main.js', args);
    break;
  case 'eval':
    node('dist/eval/main.js', args);
    break;
  case 'test':
    node('node_modules/vitest/vitest.mjs', ['run', ...args]);
    break;
  case 'soak':
    // The same tests as ever, for as long as it takes: a million inputs for each parser and emulator, and two hundred kills.
    process.env.CALTROP_FUZZ_RUNS ??= '1000000';
    process.env.CALTROP_KILLS ??= '200';
    node('node_modules/vitest/vitest.mjs', [
      ...[
        'run',
        '--testTimeout=86400000',
        'src/sensor/emulators/contract',
        'src/intake/readers/readers',
        'src/intake/receive',
        'test/faults',
      ],
      ...args,
    ]);
    break;
  default:
    console.error(`unknown: ${what}`);
    process.exit(64);
}
