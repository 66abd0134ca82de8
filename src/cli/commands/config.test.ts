import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { caltrop, json, unprintable } from '../../../test/setup/commands.ts';
import { configSchema } from '../../config.ts';

const folder = mkdtempSync(join(tmpdir(), 'caltrop-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, 'caltrop.yaml');

/** Checks a configuration of this text. */
const check = (text: string, ...args: string[]) => {
  writeFileSync(path, text);
  return caltrop('config', 'check', '--config', path, ...args);
};
const bad =
  'profile: wild\nsensor:\n  bind: [nowhere]\n  services: {telnet: {port: 99999}}\nlake: {urll: x}\n';
interface Told {
  error: string;
  remedies: { path: string }[];
}

it('tells every fault at once, each with its path and what was expected', async () => {
  const refused = await check(bad, '--json');
  expect(refused.code).toBe(78);
  const [told] = json<Told>(refused);
  expect(told!.error).toBe('config');
  const paths = ['lake.urll', 'profile', 'sensor.bind.0', 'sensor.services.telnet.port'];
  expect(told!.remedies.map((one) => one.path).sort()).toEqual(paths);
  const shown = await check(bad);
  expect([shown.code, shown.out]).toEqual([78, '']);
  for (const one of paths) expect(shown.err).toContain(`  ${one}: expected `);
});

it('names a variable that is not set, and a file that is not there', async () => {
  const [told] = json<Told>(await check('state: {url: "${NOT_SET_ANYWHERE}"}\n', '--json'));
  expect(told!.remedies.map((one) => one.path)).toEqual(['state.url']);
  const none = await caltrop('config', 'check', '--config', join(folder, 'none.yaml'));
  expect([none.code, none.err.includes('a readable file')]).toEqual([78, true]);
});

it('shows what is wrong without obeying it', async () => {
  const { code, err } = await check('"\\e[2J\\u202e": 1\n');
  expect(code).toBe(78);
  expect(err).toContain('\\x1b[2J\\u202e');
  expect(err).not.toMatch(unprintable);
});

it('takes an empty file, and shows what it comes to', async () => {
  const good = await check('');
  expect(good).toEqual({ code: 0, out: 'The configuration is good.\n', err: '' });
  expect(json(await check('', '--json'))).toEqual([{ ok: true }]);
  const shown = await caltrop('config', 'show', '--config', path);
  expect(configSchema.parse(parse(shown.out))).toEqual(configSchema.parse({}));
  expect(json(await caltrop('config', 'show', '--json'))).toEqual([configSchema.parse({})]);
});

it('prints the schema', async () => {
  const [schema] = json<{ properties: object }>(await caltrop('config', 'schema', '--json'));
  expect(Object.keys(schema!.properties)).toContain('enforcement');
  expect(JSON.parse((await caltrop('config', 'schema')).out)).toEqual(schema);
});

it('knows three words', async () => {
  expect((await caltrop('config')).code).toBe(64);
  expect((await caltrop('config', 'mend')).code).toBe(64);
});
