import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { serve } from '../fixture.ts';
import { post } from '../play.ts';
import { ntp } from './ntp.ts';

const run = promisify(execFile);
const now = 1_780_000_000_250;

function question(version: number, mode = 3): Buffer {
  const bytes = Buffer.alloc(48);
  bytes[0] = (version << 3) | mode;
  bytes[2] = 6;
  bytes.write('e8f1a2b3c4d5e6f7', 40, 'hex');
  return bytes;
}

it.each([1, 2, 3, 4])('tells a client of version %i the time', (version) => {
  const talk = post(ntp, { now });
  const answer = talk.say(question(version))!;
  expect(answer.length).toBe(48);
  expect(answer[0]).toBe((version << 3) | 4);
  expect(answer[1]).toBe(3);
  expect(answer.toString('hex', 24, 32)).toBe('e8f1a2b3c4d5e6f7');
  const time = (at: number) =>
    (answer.readUInt32BE(at) - 2_208_988_800) * 1_000 + (answer.readUInt32BE(at + 4) * 1_000) / 2 ** 32;
  expect(Math.abs(time(40) - now)).toBeLessThan(2);
  expect(time(32)).toBeLessThanOrEqual(time(40));
  expect(now - time(16)).toBeGreaterThanOrEqual(0);
  expect(now - time(16)).toBeLessThan(1_025_000);
  expect(talk.told('command')).toMatchObject([
    { input: 'time', detail: { version, mode: 'client', poll: 6 } },
  ]);
});

it('tells of those who ask for more, and is silent', () => {
  const talk = post(ntp);
  // `ntpq -c rv`, and MON_GETLIST_1 as amplifiers are looked for.
  expect(talk.say(Buffer.from('160200010000000000000000', 'hex'))).toBe(null);
  expect(talk.say(Buffer.from('1700032a00000000', 'hex'))).toBe(null);
  expect(talk.told('command')).toEqual([
    { kind: 'command', input: 'control 2', detail: { version: 2, mode: 'control', association: 0 } },
    { kind: 'command', input: 'private 3 42', detail: { version: 2, mode: 'private' } },
  ]);
});

it.each([
  ['a server', question(4, 4)],
  ['a broadcast', question(4, 5)],
  ['version 0', question(0)],
  ['half a question', question(4).subarray(0, 40)],
])('does not answer %s, and tells what came', (_, bytes) => {
  const talk = post(ntp);
  expect(talk.say(bytes)).toBe(null);
  expect(talk.told('data')).toMatchObject([{ size: bytes.length }]);
});

it.skipIf(!existsSync('/usr/bin/nmap') || process.getuid?.() !== 0)(
  'nmap reads the time of it (skipped without nmap or without root)',
  async () => {
    const served = await serve(ntp);
    const args = ['-Pn', '-n', '-sU', '--max-retries', '0', '--script', '+ntp-info', '-p'];
    const { stdout } = await run('nmap', [...args, `${served.udpPort}`, '127.0.0.1']);
    await served.close();
    expect(stdout).toMatch(new RegExp(`receive time stamp: ${new Date().getUTCFullYear()}-`));
    expect(served.told('command').map(({ input }) => input)).toEqual(
      expect.arrayContaining(['time', 'control 2']),
    );
  },
);
