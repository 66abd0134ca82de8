import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { feedsOptions } from '../intel/index.ts';
import { silentLog } from '../kit/log.ts';
import { startFeeding } from './feeding.ts';
import { openFeeds } from './feeds.ts';

it('fetches what is due beside the running system, and ends when it is told to', async () => {
  const data = mkdtempSync(join(tmpdir(), 'caltrop-feeding-'));
  const path = join(data, 'list');
  writeFileSync(path, 'bad.example\n198.51.100.7\n192.0.2.1\n');
  const config = feedsOptions.parse({
    lists: [
      { name: 'one', path },
      { name: 'gone', path: join(data, 'gone') },
    ],
  });
  const setup = { config, data, neverBlock: ['198.51.100.0/24'] };
  const said: unknown[] = [];
  await new Promise<void>((resolve) => {
    const feeding = startFeeding(setup, {
      ...silentLog,
      info: (message, fields) => said.push(message, fields),
      warn: (message, fields) => {
        said.push(message, fields);
        void feeding!.stop().then(resolve);
      },
    });
  });
  expect(said).toEqual([
    'a feed is up to date',
    { name: 'one', entries: 3 },
    'a feed was not taken over',
    { name: 'gone', problem: 'its file cannot be read' },
  ]);
  const feeds = openFeeds({ ...setup, now: Date.now });
  expect(feeds.list()[0]).toMatchObject({ entries: 3, reliability: { refuted: 1 } });
  const removed: string[] = [];
  const believed = [...feeds.believed(({ entry, why }) => removed.push(`${entry.value}: ${why}`))];
  expect(believed.map(({ entry, feed }) => [feed, entry.value])).toEqual([
    ['one', 'bad.example'],
    ['one', '192.0.2.1'],
  ]);
  expect(removed).toEqual(['198.51.100.7: Never-block holds it: it is on the never-block list.']);
  rmSync(data, { recursive: true });
});

it('tells feeds what decoys met, and goes on where that cannot be asked', async () => {
  const data = mkdtempSync(join(tmpdir(), 'caltrop-feeding-'));
  const path = join(data, 'list');
  writeFileSync(path, 'bad.example\nworse.example\n');
  const setup = { config: feedsOptions.parse({ lists: [{ name: 'one', path }] }), data };
  let asked = 0;
  const met = async () => {
    if (asked++ === 0) throw new Error('the state is busy');
    return [{ host: 'bad.example', day: 0xffff, by: ['192.0.2.0/24'] }];
  };
  const failed: string[] = [];
  await new Promise<void>((resolve) => {
    const feeding = startFeeding(
      setup,
      {
        ...silentLog,
        info: (message) => {
          if (message === 'feeds were weighed by what decoys met') void feeding!.stop().then(resolve);
        },
        error: (message) => failed.push(message),
      },
      { met, everyMs: 50 },
    );
  });
  expect(failed).toEqual(['feeds could not be told what decoys met']);
  expect(openFeeds({ ...setup, now: Date.now }).list()[0]!.reliability).toMatchObject({ confirmed: 1 });
  rmSync(data, { recursive: true });
});

it('starts nothing where no feed is named', () => {
  expect(startFeeding({ config: feedsOptions.parse({}), data: '/nowhere' }, silentLog)).toBeNull();
});
