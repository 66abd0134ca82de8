import { expect, it } from 'vitest';
import type { Reading } from '../reader.ts';
import { examples } from './examples.ts';
import { heralding } from './heralding.ts';

const read = heralding.start({ source: 'heralding.json', now: () => 0 });
const [line = ''] = examples.heralding!;

it('reads a session with its tries at their own times', () => {
  const events = read(line) as Reading[];
  expect(events).toMatchObject([
    { kind: 'connect', protocol: 'postgresql', dst: { port: 5432 }, handshake: 'established', decoy: true },
    { kind: 'login', user: 'postgres', ok: false, time: Date.UTC(2025, 1, 11, 9, 51, 17, 841) },
    { kind: 'close', durationMs: 2_000 },
  ]);
});

it('takes a missing name for an empty one', () => {
  expect(read(line.replace('"username":"postgres"', '"username":null'))).toMatchObject([
    {},
    { user: '' },
    {},
  ]);
});

it('refuses a list that is none', () => {
  expect(() => read(line.replace(/"auth_attempts":\[.*?\]/, '"auth_attempts":{}'))).toThrow('a list');
});
