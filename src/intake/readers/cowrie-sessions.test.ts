import { expect, it } from 'vitest';
import type { Reading } from '../reader.ts';
import { cowrieSessions } from './cowrie-sessions.ts';
import { examples } from './examples.ts';

const read = cowrieSessions.start({ source: 'sessions.jsonl', now: () => 0 });
const [line = ''] = examples['cowrie-sessions']!;

it('makes a row what it stands for', () => {
  const events = read(line) as Reading[];
  expect(events.map((event) => (event.kind === 'login' ? `login ${event.ok}` : event.kind))).toEqual([
    'connect',
    'login false',
    'login false',
    'login true',
    'close',
  ]);
  expect(events[0]).toMatchObject({ src: { ip: '192.0.2.7', port: 47_952 }, dst: { port: 22 }, decoy: true });
  expect(events.at(-1)).toMatchObject({ durationMs: 1_844 });
});

it('refuses a row that stands for more logins than it can', () => {
  expect(() => read(JSON.stringify({ ...JSON.parse(line), login_failed: 1e9 }))).toThrow('limit of 1000');
});
