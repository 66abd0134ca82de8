import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  guesses,
  hostile,
  json,
  openSystem,
  type System,
  unprintable,
} from '../../../test/setup/commands.ts';
import type { Listed } from '../../../test/setup/installed.ts';

let system: System;
beforeAll(async () => {
  system = await openSystem('decision: {mode: enforce}\n');
});
afterAll(() => system?.close());

/** A file of the system's own folder with this text. */
const file = (name: string, text: string) => {
  const path = join(system.folder, name);
  writeFileSync(path, text);
  return path;
};
const stored = async () => (await system.ask<{ lake: { events: number } }>('status'))[0]!.lake.events;

it('reads a log, keeps what it refuses with the reason, and says what came of it', async () => {
  const log = file('cowrie.json', `${guesses('203.0.113.9')}{"broken\n`);
  const { code, out, err } = await system.run('import', log);
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(
    /^cowrie\.json: cowrie, 31 lines, 30 events, 0 without an event, 1 refused\n30 events in \d+\.\d s \(import \S+\)\nrefused lines, with reasons: \S+\.jsonl\n$/,
  );
  const rejects = /reasons: (\S+)/.exec(out)![1]!;
  expect(JSON.parse(readFileSync(rejects, 'utf8'))).toMatchObject({
    source: 'cowrie.json',
    line: 31,
    text: '{"broken',
  });
});

it('stores nothing twice', async () => {
  const log = join(system.folder, 'cowrie.json');
  const lines = json<{ type: string }>(await system.run('import', log, '--json'));
  expect(lines.at(-1)).toMatchObject({ type: 'finished', events: 30, rejected: 1 });
  expect(lines.find(({ type }) => type === 'imported')).toMatchObject({ format: 'cowrie', lines: 31 });
  expect(await stored()).toBe(30);
  // The same lines from another source are other events.
  expect((await system.run('import', log, '--source', 'elsewhere')).code).toBe(0);
  expect(await stored()).toBe(60);
});

it('only ever simulates, unless it is told to be live', async () => {
  const modes = async (source: string) => {
    const list = await system.ask<Listed>('decisions', '--source', source);
    return new Set(list.map(({ decision }) => decision.mode));
  };
  expect(await modes('203.0.113.9')).toEqual(new Set(['simulate']));
  await system.attacked('203.0.113.11', { live: true });
  expect(await modes('203.0.113.11')).toEqual(new Set(['enforce']));
});

it('takes a format where it is told, and all files of one line', async () => {
  const one = file('one.log', guesses('203.0.113.20'));
  const two = file('two.log', guesses('203.0.113.21'));
  const lines = json<{ source?: string }>(
    await system.run('import', one, two, '--format', 'cowrie', '--json'),
  );
  expect(lines.flatMap(({ source }) => source ?? [])).toEqual(['one.log', 'two.log']);
  expect(lines.at(-1)).toMatchObject({ type: 'finished', events: 60 });
});

it('says once what is wrong, in words that a terminal only shows', async () => {
  const none = await system.run('import', join(system.folder, `none${hostile}`));
  expect(none.code).toBe(1);
  expect(none.err.match(/There is no such thing\./g)).toHaveLength(1);
  expect(none.err).toContain('none\\x1b]0;x');
  expect(none.err).not.toMatch(unprintable);
});

it.each([
  [64, []],
  [1, ['/dev/null', '--format', 'telepathy']],
  [1, ['/dev/null']],
  [1, ['/']],
])('ends with %i on %j', async (code, args) => {
  const { out, ...ran } = await system.run('import', ...args);
  expect([ran.code, out]).toEqual([code, '']);
});
