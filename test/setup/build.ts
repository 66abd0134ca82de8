import { execFileSync } from 'node:child_process';

/** Compiles once before the tests: those that start processes or workers run what users run, `dist/`. */
export default function build(): void {
  if (process.env.CALTROP_TEST_NO_BUILD) return;
  execFileSync(process.execPath, ['scripts/build.mjs', '--quiet'], { stdio: 'inherit' });
}
