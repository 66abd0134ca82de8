import { expect, it } from 'vitest';
import { FeedProblem } from '../format.ts';
import { reading, values } from './fixture.ts';

const event = {
  Event: {
    info: 'x',
    Tag: [{ name: 'misp-galaxy:malpedia="Mirai"' }],
    Attribute: [
      {
        type: 'domain|ip',
        value: 'bad.example|192.0.2.7',
        to_ids: true,
        timestamp: '1769767205',
        comment: 'c2',
      },
      { type: 'ip-dst|port', value: '2001:db8::7|443', to_ids: '1' },
      { type: 'url', value: 'http://bad.example/a|b', to_ids: true },
      { type: 'filename|md5', value: 'x.exe|d41d8cd98f00b204e9800998ecf8427e', to_ids: true },
      { type: 'domain', value: 'seen.example', to_ids: false },
      { type: 'domain', value: 'gone.example', deleted: true },
      { type: 'comment', value: 'text' },
    ],
    Object: [{ Attribute: [{ type: 'hostname', value: 'in.object.example' }] }],
  },
};

it('reads an event with its objects, and takes what is meant for detection', () => {
  const [entries, refused, format] = reading(JSON.stringify(event));
  expect(format).toBe('misp');
  expect(values(entries)).toEqual([
    'domain bad.example',
    'ip 192.0.2.7',
    'ip:port [2001:db8::7]:443',
    'url http://bad.example/a|b',
    'hash d41d8cd98f00b204e9800998ecf8427e',
    'domain in.object.example',
  ]);
  expect(entries[0]).toMatchObject({ family: 'Mirai', first: 1_769_767_205_000, note: 'c2' });
  expect(refused).toEqual({
    'not meant for detection': 1,
    'withdrawn by its author': 1,
    'a kind that is not used': 1,
  });
});

it.each([
  ['a list', [event]],
  ['an answer', { response: [event] }],
])('reads %s of events', (_, whole) => {
  expect(reading(JSON.stringify(whole))[0]).toHaveLength(6);
});

it('reads attributes alone', () => {
  const whole = { response: { Attribute: [{ type: 'domain', value: 'bad.example' }] } };
  expect(values(reading(JSON.stringify(whole))[0])).toEqual(['domain bad.example']);
});

it("refuses a feed's manifest: the files that it names are not followed", () => {
  expect(() => reading('{"5b9b5f0e":{"info":"x","Orgc":{}}}', 'misp')).toThrow(FeedProblem);
});
