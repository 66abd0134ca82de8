import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { caltrop } from './setup/commands.ts';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'caltrop-systemd-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const absent = !existsSync('/usr/bin/systemd-analyze');
const analyze = (...args: string[]) =>
  execFileSync('systemd-analyze', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

describe.each(['caltrop', 'caltrop-sensor'])('%s.service', (name) => {
  // As installed, but for where: what it starts must be there, and be executable.
  const text = readFileSync(join(root, 'systemd', `${name}.service`), 'utf8');
  const unit = join(folder, `${name}.service`);
  writeFileSync(unit, text.replaceAll('/usr/lib/caltrop/', `${root}/`));

  it.skipIf(absent)(`holds for systemd${absent ? ' (needs systemd-analyze)' : ''}`, () => {
    expect(analyze('verify', '--man=no', unit)).toBe('');
  });

  it.skipIf(absent)(`exposes no more than it must${absent ? ' (needs systemd-analyze)' : ''}`, () => {
    // Of 10.0 (systemd-analyze(1), security); above the threshold the tool fails.
    expect(() => analyze('security', '--offline=true', '--threshold=37', unit)).not.toThrow();
  });

  it('starts a command with options that there are', async () => {
    const [, words = ''] = /^ExecStart=.*\/usr\/lib\/caltrop\/caltrop ([^>'\n]+)/m.exec(text)!;
    expect((await caltrop(...words.trim().split(' '), '--help')).code).toBe(0);
  });
});
