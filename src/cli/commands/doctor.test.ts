import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { caltrop, json, openSystem, type System, unprintable } from '../../../test/setup/commands.ts';

interface Check {
  what: string;
  good: boolean;
  says: string;
}

let system: System;
beforeAll(async () => {
  system = await openSystem();
});
afterAll(() => system?.close());

/** What it found of one thing. */
const found = async (what: string) => (await system.ask<Check>('doctor')).filter((one) => one.what === what);

it('looks at this machine, and at what runs', async () => {
  const { code, out, err } = await system.run('doctor');
  const checks = await system.ask<Check>('doctor');
  expect([code, err]).toEqual([checks.every(({ good }) => good) ? 0 : 1, '']);
  expect(out).toMatch(/^ +CHECK +FOUND\n/);
  expect(out).toMatch(new RegExp(`^ok +node +${process.versions.node.replaceAll('.', '\\.')};`, 'm'));
  expect(out).toMatch(/^ok +running +yes$/m);
  expect(out).toMatch(/^ok +audit +the chain is whole$/m);
  expect(checks.map(({ what }) => what)).toEqual(
    expect.arrayContaining(['node', 'configuration', 'embedded lake', 'sensor isolation', 'disk']),
  );
});

it('tells of trouble, and of an audit that somebody changed', async () => {
  system.pipeline.killSwitch.engage('test', 'a test', Date.now());
  expect(await found('trouble')).toEqual([
    { what: 'trouble', good: false, says: 'The kill switch is set: nothing is denied.' },
  ]);
  expect((await system.run('doctor')).code).toBe(1);
  system.pipeline.killSwitch.release();
  await system.run('stop', '--reason', 'the first');
  await system.run('resume');
  expect(await found('audit')).toMatchObject([{ good: true }]);
  writeFileSync(join(system.data, 'audit.jsonl'), '{"forged":true}\n');
  expect(await found('audit')).toMatchObject([{ good: false }]);
  expect((await system.run('doctor')).out).toMatch(/^BAD +audit +/m);
});

it('needs nothing that runs, and tells each fault of a configuration', async () => {
  const data = join(system.folder, 'none');
  const path = join(system.folder, 'bad.yaml');
  writeFileSync(path, 'profile: wild\n"\\e[2J": 1\n');
  const { code, out } = await caltrop('doctor', '--config', path, '--data', data);
  expect(code).toBe(1);
  expect(out).toMatch(/^BAD +configuration +profile: expected /m);
  expect(out).toMatch(/^BAD +configuration +\\x1b\[2J: expected a known setting$/m);
  expect(out).toMatch(/^ok +running +no system runs on this data directory$/m);
  expect(out).not.toMatch(unprintable);
  const checks = json<Check>(await caltrop('doctor', '--config', path, '--data', data, '--json'));
  expect(checks.filter(({ good }) => !good)).toHaveLength(2);
});

it('asks for the tools of the enforcers that are switched on', async () => {
  const path = join(system.folder, 'enforcers.yaml');
  writeFileSync(path, 'enforcement: {nftables: {enabled: true}}\n');
  const data = join(system.folder, 'none');
  const checks = json<Check>(await caltrop('doctor', '--config', path, '--data', data, '--json'));
  expect(checks.map(({ what }) => what)).toContain('nft');
  expect(checks.map(({ what }) => what)).not.toContain('ipset');
});
