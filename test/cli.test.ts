import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commands } from '../src/cli/commands/index.ts';
import { version } from '../src/version.ts';

/** The compiled program, as a user runs it. */
function caltrop(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(join(import.meta.dirname, '../caltrop'), args, { cwd: tmpdir() }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}

test('help lists every command', async () => {
  for (const ask of ['help', '--help']) {
    const { code, out } = await caltrop(ask);
    expect(code).toBe(0);
    const width = Math.max(...commands.map(({ name }) => name.length));
    for (const { name, summary } of commands) expect(out).toContain(`  ${name.padEnd(width)}  ${summary}\n`);
  }
  const told = await caltrop('--version');
  expect(told).toEqual({ code: 0, out: `caltrop ${version}\n`, err: '' });
});

test('each command tells its own options, and those of all', async () => {
  const { code, out } = await caltrop('allow', '--help');
  expect(code).toBe(0);
  expect(out).toMatch(/^Usage: caltrop allow add BLOCK/);
  for (const option of ['--reason TEXT', '--data DIR', '--json']) expect(out).toContain(`  ${option} `);
});

test('what cannot be understood is a usage error, and is shown without being obeyed', async () => {
  const unknown = await caltrop('no\u001bsuch');
  expect([unknown.code, unknown.out]).toEqual([64, '']);
  expect(unknown.err).toMatch(/^caltrop: there is no command no\\x1bsuch\n/);
  const odd = await caltrop('status', '--nonsense\u001b[2J', '--json');
  expect([odd.code, JSON.parse(odd.out).error, odd.err]).toEqual([64, 'usage', '']);
  const word = await caltrop('status', '--nonsense\u001b[2J');
  expect([word.code, word.err.includes('\u001b')]).toEqual([64, false]);
});
