import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hostile, openSystem, type System, unprintable } from '../../../test/setup/commands.ts';
import { droppers } from '../../../test/setup/droppers.ts';

let system: System;
beforeAll(async () => {
  system = await openSystem();
  const path = join(system.folder, 'two.json');
  writeFileSync(path, droppers(['203.0.113.9', '198.51.100.4'], `echo ${hostile}`));
  await system.run('import', path);
});
afterAll(() => system?.close());

it("writes what was read in Cowrie's words, and reads the same sessions from it again", async () => {
  const { code, out } = await system.run('export', '--format', 'cowrie');
  expect(code).toBe(0);
  expect(out).not.toMatch(unprintable);
  const lines = out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.map(({ eventid }) => eventid).slice(0, 5)).toEqual([
    'cowrie.session.connect',
    'cowrie.login.success',
    'cowrie.command.input',
    'cowrie.command.input',
    'cowrie.session.closed',
  ]);
  expect(lines[3]).toMatchObject({
    input: `echo ${hostile}`,
    src_ip: '203.0.113.9',
    sensor: 'pot',
    dst_port: 22,
  });
  const other = await openSystem();
  try {
    const path = join(other.folder, 'again.json');
    writeFileSync(path, out);
    await other.run('import', path);
    const plain = async ({ pipeline }: System) =>
      (await pipeline.sessions.sessions()).map(
        ({ src, start, end, labels, kind, logins, commands, sequence }) => ({
          ...{ src, start, end, labels, kind, logins, commands, sequence },
        }),
      );
    expect(await plain(other)).toEqual(await plain(system));
  } finally {
    await other.close();
  }
});

it('begins where it is told', async () => {
  const of = async (since: string) => (await system.ask('export', '--since', since)).length;
  expect([await of('2025-02-12'), await of('2025-02-12T03:01'), await of('24h')]).toEqual([10, 5, 0]);
});

it.each([[['--format', 'syslog']], [['--since', 'yesterday']], [['file']]])(
  'is a usage error on %j',
  async (args) => {
    expect((await system.run('export', ...args)).code).toBe(64);
  },
);
