import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { caltrop, hostile, json, unprintable } from '../../../test/setup/commands.ts';

const folder = mkdtempSync(join(tmpdir(), 'caltrop-classify-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const line = (session: string, more: object, second = 0) =>
  JSON.stringify({
    timestamp: new Date(Date.UTC(2026, 1, 1, 0, 0, second)).toISOString(),
    src_ip: '192.0.2.7',
    session,
    sensor: 'd',
    protocol: 'ssh',
    ...more,
  });
const typed = (session: string, input: string) => line(session, { eventid: 'cowrie.command.input', input });
const text = [
  line('aa01', { eventid: 'cowrie.session.connect', src_port: 4, dst_ip: '198.51.100.1', dst_port: 22 }),
  typed('aa01', 'cd ~; chattr -ia .ssh; lockr -ia .ssh'),
  line('aa01', { eventid: 'cowrie.session.closed', duration_ms: 1 }),
  typed('bb02', `echo ${hostile}`),
  '{"broken',
].join('\n');
const log = join(folder, 'cowrie.json');
writeFileSync(log, `${text}\n`);

it('prints one object a session', async () => {
  const ran = await caltrop('classify', '--format', 'cowrie', log, '--json');
  expect(ran.code).toBe(0);
  const told = json(ran);
  expect(told).toHaveLength(2);
  expect(told[0]).toMatchObject({
    session: 'aa01',
    src: '192.0.2.7',
    labels: ['S1'],
    tool: 'Outlaw SSH worm (Dota)',
    actorKind: 'automated',
  });
  expect(told[1]).toMatchObject({ session: 'bb02', labels: [], confidence: 0 });
  expect(Object.keys(told[0]!)).toEqual(
    expect.arrayContaining(['tactics', 'techniques', 'confidence', 'indicators', 'actor', 'spread']),
  );
  expect(ran.out).not.toMatch(unprintable);
});

it('shows people a table that a terminal only shows, of any format that it knows, gzipped as well', async () => {
  const packed = join(folder, 'x.gz');
  writeFileSync(packed, gzipSync(text));
  const { code, out, err } = await caltrop('classify', packed);
  expect(code).toBe(0);
  expect(out.split('\n').map((row) => row.split(/\s+/)[0])).toEqual(['session', 'aa01', 'bb02', '']);
  expect(err).toBe('2 sessions, 1 with a label; 1 lines were refused\n');
  expect(out).not.toMatch(unprintable);
});

it.each([
  [64, []],
  [64, [log, '--format', 'telepathy']],
  [1, ['/dev/null']],
  [1, [join(folder, 'none')]],
])('ends with %i on %j', async (code, args) => {
  expect((await caltrop('classify', ...args)).code).toBe(code);
});
