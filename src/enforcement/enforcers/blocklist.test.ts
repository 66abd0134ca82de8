import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { manualClock } from '../../kit/clock.ts';
import { blocklist, blocklistOptions } from './blocklist.ts';

const now = Date.UTC(2026, 0, 5, 12);
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caltrop-blocklist-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const create = () => blocklist.create(blocklistOptions.parse({ folder }), manualClock(now));
const file = (name: string) => readFileSync(join(folder, name), 'utf8');

it('writes sorted lists with their count and end', async () => {
  const enforcer = create();
  await enforcer.prepare();
  const keys = [
    { source: '2001:db8:1:2::', ports: [] },
    { source: '198.51.100.10', ports: [] },
    { source: '198.51.100.9', ports: [] },
    { source: '203.0.113.0/24', ports: [] },
    { source: '198.51.100.7', transport: 'tcp' as const, ports: [2222, 22] },
  ].flatMap((scope) => enforcer.keys(scope));
  await enforcer.apply(
    keys.map((key, n) => ({ key, until: now + (n + 1) * 60_000 })),
    [],
  );
  expect(file('all.txt')).toBe(`# caltrop: addresses denied on all ports, one a line
# entries: 4
# written: 2026-01-05T12:00:00.000Z
# expires: 2026-01-05T12:04:00.000Z
198.51.100.9
198.51.100.10
203.0.113.0/24
2001:db8:1:2::/64
`);
  expect(file('ports.txt').split('\n').slice(4)).toEqual([
    '198.51.100.7,tcp,22',
    '198.51.100.7,tcp,2222',
    '',
  ]);
});

it('is explicit when it is empty, and leaves no other file', async () => {
  await create().prepare();
  expect(file('all.txt')).toContain('# entries: 0\n');
  expect(file('all.txt')).toContain('# expires: never, it is empty\n');
  expect(readdirSync(folder).sort()).toEqual(['all.txt', 'ports.txt']);
});

it('takes what it did not write for wrong', async () => {
  const first = create();
  await first.prepare();
  await first.apply([{ key: 'all 198.51.100.7', until: now + 60_000 }], []);
  const [found] = await create().read('all');
  expect(found).toEqual({ key: 'all 198.51.100.7', until: Number.MAX_SAFE_INTEGER });
});
