import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSystem, type System } from '../../test/setup/commands.ts';
import { droppers, sharedKey } from '../../test/setup/droppers.ts';

let system: System;
beforeAll(async () => {
  system = await openSystem();
  const path = join(system.folder, 'two.json');
  writeFileSync(path, droppers(['203.0.113.9', '198.51.100.4']));
  expect((await system.run('import', path)).err).toBe('2 sessions were looked at, 2 have a label\n');
});
afterAll(() => system?.close());

it('keeps of an import what each session was, and what it gave away', async () => {
  const all = await system.pipeline.sessions.sessions();
  expect(all.map(({ src, kind, labels }) => [src, kind, labels])).toEqual([
    ['198.51.100.4', 'automated', ['S1']],
    ['203.0.113.9', 'automated', ['S1']],
  ]);
  expect(all[0]).toMatchObject({ logins: 1, commands: 2, evidence: 'E4', port: 22, ended: 'closed' });
  expect(all[0]!.acts.map(({ tactics }) => tactics)).toEqual([
    expect.arrayContaining(['initial-access']),
    expect.arrayContaining(['persistence']),
    expect.arrayContaining(['command-and-control', 'execution']),
  ]);
  const found = await system.pipeline.sessions.indicators();
  expect(found.map(({ type, value, sessions }) => [type, value, sessions]).sort()).toEqual([
    ['ip', '203.0.113.66', 2],
    ['ssh-key', sharedKey, 2],
    ['url', 'http://203.0.113.66/x.sh', 2],
  ]);
});

it('joins addresses that share a key to one actor, and tells of it once', async () => {
  const [actor, ...more] = await system.pipeline.sessions.actors({ addresses: 2 });
  expect(more).toEqual([]);
  expect(actor).toMatchObject({ addresses: 2, sessions: 2, labels: { S1: 2 } });
  expect(actor!.joins[0]).toMatchObject({ by: 'ssh-key', value: sharedKey });
  expect((await system.pipeline.sessions.sessions({ actor: actor!.id })).length).toBe(2);
  expect((await system.pipeline.sessions.addresses(actor!.id)).map(({ ip }) => ip)).toEqual([
    '198.51.100.4',
    '203.0.113.9',
  ]);
  const [finding] = (await system.pipeline.store.findings()).filter(({ type }) => type === 'actor-joined');
  expect(finding).toMatchObject({ count: 1, subject: { type: 'actor', value: actor!.id } });
  expect(finding!.whyNot).toContain('never blocks');
});

it('stores nothing twice, whether it is read again or looked at again', async () => {
  const { sessions } = system.pipeline;
  const kept = async () => ({
    sessions: await sessions.sessions(),
    actors: await sessions.actors(),
    indicators: await sessions.indicators(),
  });
  const before = await kept();
  await system.pipeline.profiles.label(before.sessions[0]!.run);
  const path = join(system.folder, 'again.json');
  writeFileSync(path, droppers(['203.0.113.9', '198.51.100.4']));
  await system.run('import', '--source', 'two.json', path);
  expect(await kept()).toEqual(before);
});

it('says the same of the same events in a system of its own', async () => {
  const other = await openSystem();
  try {
    const path = join(other.folder, 'two.json');
    writeFileSync(path, droppers(['203.0.113.9', '198.51.100.4']));
    await other.run('import', path);
    const plain = (all: { run: string }[]) => all.map(({ run: _, ...rest }) => rest);
    expect(plain(await other.pipeline.sessions.sessions())).toEqual(
      plain(await system.pipeline.sessions.sessions()),
    );
  } finally {
    await other.close();
  }
});

it('goes on with an import whose sessions were not looked at', async () => {
  const { pipeline, folder } = system;
  const path = join(folder, 'left.json');
  writeFileSync(path, droppers(['192.0.2.77']).replaceAll('"s0"', '"left"'));
  // As where the program ends between the two.
  for await (const message of pipeline.imports.run({ files: [{ path }], live: false }))
    if (message.type === 'finished') break;
  expect(await pipeline.sessions.sessions({ src: '192.0.2.77' })).toEqual([]);
  await pipeline.profiles.start();
  await pipeline.profiles.drain();
  expect(await pipeline.sessions.sessions({ src: '192.0.2.77' })).toHaveLength(1);
  expect([...(await pipeline.sessions.runs()).values()].filter(({ done }) => !done)).toEqual([]);
});
