import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Memory } from '../memory.ts';
import { matches } from '../mqtt/packets.ts';
import { bodyOf, meet } from '../play.ts';
import { mqtt } from './mqtt.ts';

const file = join(import.meta.dirname, '../../../test/transcripts/mqtt/broker.txt');
const lines = readFileSync(file, 'utf8').split('\n');
const recorded = lines.flatMap((line, i) =>
  line.startsWith('> ')
    ? [[JSON.parse(line.slice(2)) as string, JSON.parse(lines[i + 1]!.slice(2)) as string]]
    : [],
);
const normal = (text: string) => text.replace(/auto-[0-9A-F-]{36}/, 'auto-*');
const hello = '\x10\x10\0\x04MQTT\x04\x02\0\x1e\0\x04nmap';

it.each(recorded)('answers %j as Mosquitto does', async (say, wanted) => {
  const talk = meet(mqtt);
  const got = (await talk.say(say!)) + (await talk.leave());
  expect(talk.faults).toEqual([]);
  expect(normal(got)).toBe(normal(wanted!));
});

it('lets anybody in, tells what they are called, and what they say', async () => {
  const memory = new Memory();
  const talk = meet(mqtt, { memory });
  await talk.say('\x10\x18\0\x04MQTT\x04\xc2\0\x1e\0\x04nm18\0\x02ab\0\x02cd');
  await talk.say('\x31\x07\0\x03cmdhi');
  const all = await talk.say('\x82\x06\0\x01\0\x01#\0');
  expect(all).toContain('/state{"temperature":');
  expect(all).toContain('\x31\x07\0\x03cmdhi');
  expect(all).not.toContain('$SYS');
  await talk.leave();
  const bodies = talk.events.map(bodyOf);
  expect(bodies).toContainEqual({ kind: 'login', user: 'ab', secret: 'cd', ok: true, method: 'mqtt' });
  expect(bodies).toContainEqual({
    kind: 'command',
    input: 'PUBLISH cmd hi',
    ok: true,
    detail: { topic: 'cmd', qos: 0, retain: true },
  });
  const later = meet(mqtt, { memory });
  await later.say(hello);
  expect(await later.say('\x82\x08\0\x01\0\x03cmd\0')).toContain('cmdhi');
  expect(await later.say('\x82\x18\0\x01\0\x13$SYS/broker/version\0')).toContain('mosquitto version 2.0.11');
  await later.leave();
});

it.each([
  ['a length of 256 MB', '\x10\xff\xff\xff\x7f'],
  ['a length without end', '\x10\xff\xff\xff\xff\xff'],
  ['a field beyond its packet', `${hello}\x30\x03\xff\xffa`],
  ['a topic with wildcards', `${hello}\x30\x05\0\x01#hi`],
])('hangs up on %s', async (_, bytes) => {
  const talk = meet(mqtt);
  await talk.say(bytes);
  expect(talk.over).toBe(true);
  expect(talk.faults).toEqual([]);
});

it.each([
  ['#', 'a/b', true],
  ['a/+', 'a/b', true],
  ['a/+', 'a/b/c', false],
  ['a/#', 'a', true],
  ['#', '$SYS/x', false],
  ['$SYS/#', '$SYS/x', true],
])('%s and %s: %s', (filter, topic, found) => {
  expect(matches(filter, topic)).toBe(found);
});
