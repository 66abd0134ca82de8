import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Served, serve } from '../fixture.ts';
import { meet, post } from '../play.ts';
import { dns } from './dns.ts';

const run = promisify(execFile);

/** Questions in hexadecimal, and what Debian 12's named 9.18.49 answered on loopback. */
const transcript = readFileSync(
  join(import.meta.dirname, '../../../test/transcripts/dns/named.txt'),
  'latin1',
)
  .split('\n')
  .filter((line) => /^[0-9a-f]{4}/.test(line))
  .map((line) => line.split(' ') as [string, string]);

const version = '9.18.49-1~deb12u3-Debian';

it.each(transcript)('says over TCP what named says to %s', async (question, answer) => {
  const talk = meet(dns, { options: { version } });
  const bytes = Buffer.from(question, 'hex');
  const said = Buffer.from(
    await talk.say(Buffer.concat([Buffer.from([0, bytes.length]), bytes])),
    'latin1',
  ).subarray(2);
  expect(said.toString('hex')).toBe(answer);
  await talk.leave();
});

it.each(transcript)('says over UDP what named says, or that it is cut, to %s', (question, answer) => {
  const said = post(dns, { options: { version } }).say(Buffer.from(question, 'hex'))!;
  expect(said.length).toBeLessThanOrEqual(question.length / 2);
  if (answer.length <= question.length) expect(said.toString('hex')).toBe(answer);
  else if (answer.slice(12, 16) === '0001') expect(said[2]! & 2).toBe(2);
  else expect(answer.startsWith(said.toString('hex').slice(0, 20))).toBe(true);
});

it('tells what is asked, and of answers nothing', () => {
  const talk = post(dns);
  talk.say(Buffer.from('12340100000100000000000007657861612e706c03636f6d0000ff0001', 'hex'));
  expect(talk.say(Buffer.from('123481050001000000000000076578616d706c6503636f6d0000010001', 'hex'))).toBe(
    null,
  );
  expect(talk.told('command')).toEqual([
    { kind: 'command', input: 'exaa\\.pl.com IN ANY', detail: { opcode: 0, recursion: true } },
  ]);
});

describe.skipIf(!existsSync('/usr/bin/dig'))('dig (skipped without dig)', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve(dns, {}, { kind: 'mail-server' });
  });
  afterAll(() => served.close());
  const dig = async (over: 'udp' | 'tcp', ...args: string[]) => {
    const port = over === 'udp' ? served.udpPort : served.port;
    const options = ['+tries=1', '+time=5', over === 'tcp' ? '+tcp' : '+ignore'];
    return (await run('dig', ['@127.0.0.1', '-p', `${port}`, ...options, ...args])).stdout;
  };

  it('is refused recursion', async () => {
    const said = await dig('udp', 'example.com', 'MX');
    expect(said).toContain('status: REFUSED');
    expect(said).toContain('WARNING: recursion requested but not available');
    expect(served.told('command')).toContainEqual(
      expect.objectContaining({
        input: 'example.com IN MX',
        detail: { opcode: 0, recursion: true, edns: 0 },
      }),
    );
  });

  it('reads the version over TCP, and what fits of it over UDP', async () => {
    expect(await dig('tcp', 'version.bind', 'CH', 'TXT')).toMatch(/CH\s+TXT\s+"9\.\d+\.\d+-[^"]+"/);
    const short = await dig('udp', 'version.bind', 'CH', 'TXT');
    expect(short).toMatch(/flags:[^;]* tc/);
    expect(served.faults).toEqual([]);
  });
});
