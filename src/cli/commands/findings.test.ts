import { afterAll, beforeAll, expect, it } from 'vitest';
import { hostile, openSystem, type System, unprintable } from '../../../test/setup/commands.ts';
import type { Finding } from '../../model/finding.ts';

let system: System;
beforeAll(async () => {
  system = await openSystem();
});
afterAll(() => system?.close());

it('says so where there is nothing to read', async () => {
  expect(await system.run('findings')).toEqual({ code: 0, out: 'No findings.\n', err: '' });
});

it('lists what a person should read, the latest first, also of one subject alone', async () => {
  await system.attacked('203.0.113.9');
  await system.attacked('203.0.113.10', { live: true });
  const { code, out } = await system.run('findings');
  expect(code).toBe(0);
  const [head, first, second] = out.split('\n');
  expect(head).toMatch(/^LAST \(UTC\) +SEVERITY +TIMES +WHAT +ID$/);
  expect(first).toContain('203.0.113.10: ');
  expect(second).toMatch(/^2025-02-12 00:00:\d\d +high +1 +203\.0\.113\.9: \d+ login tries at ssh/);
  const one = await system.ask<Finding>('findings', '--subject', '203.0.113.9');
  expect(one.map(({ subject, type }) => [subject.value, type])).toEqual([['203.0.113.9', 'bruteforce']]);
  expect(await system.ask<Finding>('findings', '--limit', '1')).toHaveLength(1);
});

it('shows the words of others, and obeys none', async () => {
  const [finding] = await system.pipeline.store.findings({ limit: 1 });
  const id = `${finding!.id.slice(0, -4)}ffff`;
  const title = `what ${hostile} said`;
  await system.pipeline.store.write({ findings: [{ ...finding!, id, title }] });
  const { out } = await system.run('findings');
  expect(out).toContain('what \\x1b]0;x\\x07\\x9b2J\\u202e\\r\\ngnp said');
  expect(out).not.toMatch(unprintable);
  const asked = await system.run('findings', '--json');
  expect(asked.out).not.toMatch(unprintable);
  expect(asked.out.split('\n').some((line) => line && JSON.parse(line).title === title)).toBe(true);
});

it('is a usage error where a limit is no number', async () => {
  expect((await system.run('findings', '--limit', 'all')).code).toBe(64);
});
