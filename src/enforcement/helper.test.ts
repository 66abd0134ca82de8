import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Duplex, duplexPair } from 'node:stream';
import { afterEach, expect, it } from 'vitest';
import { systemClock } from '../kit/clock.ts';
import { helperEnforcer } from './client.ts';
import { Guard } from './guard.ts';
import { serve } from './serve.ts';
import { spawnHelper } from './spawn-helper.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});
const until = Date.now() + 600_000;

function setUp(connect: () => Duplex) {
  const folder = mkdtempSync(join(tmpdir(), 'caltrop-helper-'));
  folders.push(folder);
  const enforcer = helperEnforcer({
    enforcer: 'blocklist',
    options: { folder },
    clock: systemClock,
    connect,
  });
  return { enforcer, list: () => readFileSync(join(folder, 'all.txt'), 'utf8') };
}

const inProcess = () => {
  const [ours, theirs] = duplexPair();
  serve(theirs, new Guard(() => [{ address: '192.0.2.10', role: 'own' }]), systemClock);
  return ours;
};

it('is the same enforcer through the stream', async () => {
  const { enforcer, list } = setUp(inProcess);
  await enforcer.prepare();
  await enforcer.protect(['127.0.0.1/32'], Date.now());
  expect(enforcer.keys({ source: '198.51.100.7', ports: [] })).toEqual(['all 198.51.100.7']);
  expect(await enforcer.apply([{ key: 'all 198.51.100.7', until }], [])).toEqual([]);
  expect(list()).toContain('\n198.51.100.7\n');
  expect(await enforcer.read('all')).toEqual([{ key: 'all 198.51.100.7', until }]);
  await enforcer.clear();
  expect(await enforcer.read('all')).toEqual([]);
  await enforcer.close();
});

it('reads back more than one line holds', async () => {
  const { enforcer } = setUp(inProcess);
  await enforcer.prepare();
  await enforcer.protect(['127.0.0.1/32'], Date.now());
  const add = Array.from({ length: 12_000 }, (_, n) => ({ key: `all 45.0.${n >> 8}.${n & 255}`, until }));
  await enforcer.apply(add, []);
  expect(await enforcer.read('all')).toHaveLength(12_000);
  await enforcer.close();
});

it('5 refuses by its own check, whatever it is told, and places the rest', async () => {
  const { enforcer, list } = setUp(inProcess);
  await enforcer.prepare();
  const add = ['all 192.0.2.10', 'all 10.0.0.1', 'all 198.51.100.7'].map((key) => ({ key, until }));
  expect(await enforcer.apply(add, [])).toHaveLength(3);
  await enforcer.protect(['10.0.0.0/8'], Date.now());
  expect(await enforcer.apply(add, [])).toEqual(['all 192.0.2.10', 'all 10.0.0.1']);
  expect(list()).toContain('# entries: 1\n');
  await enforcer.close();
});

it('hangs up on what is no request', async () => {
  for (const line of ['hello\n', '{"id":1,"op":"exec"}\n', '{"id":1,"op":"read","part":"all","more":1}\n']) {
    const [ours, theirs] = duplexPair();
    serve(theirs, new Guard(), systemClock);
    const closed = once(theirs, 'close');
    ours.write(line);
    await closed;
  }
});

it('answers what it cannot do with why', async () => {
  const { enforcer } = setUp(inProcess);
  await enforcer.prepare();
  await expect(enforcer.read('deny4')).rejects.toThrow('no such part');
  const unknown = helperEnforcer({
    enforcer: 'blocklist',
    options: { folder: '/dev/null/none' },
    clock: systemClock,
    connect: inProcess,
  });
  await expect(unknown.prepare()).rejects.toThrow();
});

it('runs as a process of its own, and is started again after it has gone', async () => {
  const path = resolve('dist/src/enforcement/helper.js');
  expect(existsSync(path)).toBe(true);
  const streams: Duplex[] = [];
  const { enforcer, list } = setUp(() => {
    const stream = spawnHelper(path);
    streams.push(stream);
    return stream;
  });
  await enforcer.prepare();
  await enforcer.protect(['127.0.0.1/32'], Date.now());
  await enforcer.apply([{ key: 'all 198.51.100.7', until }], []);
  expect(list()).toContain('198.51.100.7');
  const reading = enforcer.read('all');
  streams[0]!.destroy();
  await expect(reading).rejects.toThrow('the helper has gone');
  expect(
    await enforcer.apply(
      [
        { key: 'all 198.51.100.8', until },
        { key: 'all 127.0.0.1', until },
      ],
      [],
    ),
  ).toEqual(['all 127.0.0.1']);
  expect(streams).toHaveLength(2);
  await enforcer.close();
});
