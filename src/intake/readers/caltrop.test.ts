import { expect, it } from 'vitest';
import { Reject } from '../reader.ts';
import { caltrop } from './caltrop.ts';
import { examples } from './examples.ts';

const read = caltrop.start({ source: 'events.jsonl', now: () => 0 });
const [line = ''] = examples.caltrop!;

it('reads an event back, id and arrival included', () => {
  expect(read(line)).toEqual(JSON.parse(line));
});

it('refuses what is no event', () => {
  for (const change of [
    { handshake: 'sure' },
    { src: { ip: '192.0.2.07', port: 1 } },
    { more: 1 },
    { kind: 'x' },
  ])
    expect(() => read(JSON.stringify({ ...JSON.parse(line), ...change }))).toThrow(
      new Reject('not an event of the model'),
    );
});
