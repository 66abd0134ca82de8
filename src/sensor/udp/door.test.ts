import { expect, it } from 'vitest';
import { z } from 'zod';
import { defineDatagramEmulator } from '../emulator.ts';
import type { Limits } from '../limits.ts';
import { post } from '../play.ts';

const echo = defineDatagramEmulator({
  name: 'echo',
  summary: 'Says what it hears',
  port: 9_999,
  highPort: 9_999,
  options: z.strictObject({}),
  datagram(wire, bytes) {
    const text = bytes.toString('latin1');
    if (text === 'break') throw new Error('broken');
    if (text === 'remember') return Buffer.from(wire.memory.take(1_000) ? 'yes' : 'no');
    if (text === 'more') return Buffer.from('longer than it');
    if (text.startsWith('!')) wire.emit({ kind: 'command', input: text.slice(1) });
    return bytes;
  },
  settle: (wire) => wire.emit({ kind: 'command', input: 'settled' }),
});

const talk = (limits: Partial<Limits> = {}) => post(echo, { limits });

it('joins what one source says into a session that silence ends', () => {
  const { say, events, pass, settle } = talk();
  expect(say('!one')?.toString()).toBe('!one');
  pass(1_000);
  say('two');
  settle();
  expect(events.map(({ kind }) => kind)).toEqual(['connect', 'command', 'data', 'command', 'close']);
  expect(new Set(events.map(({ session }) => session)).size).toBe(1);
  for (const event of events)
    expect(event).toMatchObject({
      transport: 'udp',
      handshake: 'none',
      protocol: 'echo',
      decoy: true,
      src: { ip: '192.0.2.7', port: 40_000 },
      dst: { ip: '198.51.100.1', port: 9_999 },
    });
  expect(events[1]).toMatchObject({ input: 'one', raw: '!one' });
  expect(events[2]).toMatchObject({ size: 3, raw: 'two' });
  expect(events.at(-1)).toMatchObject({ received: 7, sent: 7, durationMs: 1_000, reason: 'shutdown' });
});

it('ends a session after silence, and the next word begins another', () => {
  const { say, events, pass, tick, counters } = talk({ datagramIdleMs: 30_000 });
  say('a');
  pass(29_999);
  tick();
  expect(counters().datagramSessionsActive).toBe(1);
  pass(1);
  tick();
  expect(events.at(-1)).toMatchObject({ kind: 'close', reason: 'idle' });
  say('b');
  expect(counters()).toMatchObject({ datagramSessions: 2, datagramSessionsActive: 1 });
});

it('says nothing that is longer, survives a bug, and goes on', () => {
  const { say, faults, counters } = talk();
  expect(say('more')).toBe(null);
  expect(say('break')).toBe(null);
  expect(say('on')?.toString()).toBe('on');
  expect(faults).toHaveLength(1);
  expect(counters().datagramAnswersTooLong).toBe(1);
});

it('serves only so many sessions, of one source and of all', () => {
  const few = talk({ datagramSessionsPerSource: 2 });
  expect([1, 2, 3].map((port) => few.say('x', port)?.length)).toEqual([1, 1, undefined]);
  expect(few.say('x', 1)?.length).toBe(1);
  expect(few.counters().datagramsRefusedSource).toBe(1);
  const full = talk({ datagramSessions: 1 });
  expect([1, 2].map((port) => full.say('x', port)?.length)).toEqual([1, undefined]);
  expect(full.counters().datagramsRefusedFull).toBe(1);
});

it('bounds what sessions remember, together and each, and gives it back', () => {
  const { say, counters, settle } = talk({ datagramSessionBytes: 2_500, datagramMemoryBytes: 4_000 });
  const remember = (port: number) => say('remember', port)?.toString();
  expect([1, 1, 1, 2, 2, 2].map(remember)).toEqual(['yes', 'yes', 'no', 'yes', 'yes', 'no']);
  expect(remember(3)).toBe('no');
  settle();
  expect(counters().datagramMemoryBytes).toBe(0);
});

it('ends a session that tells too much', () => {
  const { say, events, counters } = talk({ events: 2 });
  for (let n = 0; n < 4; n++) say('!x');
  expect(counters().datagramSessions).toBe(2);
  expect(events.filter(({ kind }) => kind === 'command')).toHaveLength(3);
});
