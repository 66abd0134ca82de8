import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Nats, natsFault, startNats } from '../../test/setup/nats.ts';
import type { Bus, BusLimits } from './bus.ts';
import { openLocalBus, openNatsBus } from './index.ts';

const topology = { 'events.0': ['store', 'analyse'], signals: ['decide'], nobody: [] };
const text = (data: Uint8Array) => Buffer.from(data).toString();
const bytes = (word: string) => Buffer.from(word);
const patience = { timeout: 20_000, interval: 20 };

let nats: Nats;
let prefix = 0;
beforeAll(async () => {
  if (!natsFault) nats = await startNats();
});
afterAll(() => nats?.remove());

const kinds: [string, (limits?: Partial<BusLimits>) => Promise<Bus>][] = [
  ['in one process', async (limits) => openLocalBus(topology, { retryMs: 10, ...limits })],
  [
    `NATS JetStream${natsFault ? ` (${natsFault})` : ''}`,
    (limits) =>
      openNatsBus({ servers: nats.servers }, topology, { prefix: `t${prefix++}`, retryMs: 10, ...limits }),
  ],
];

describe.each(kinds)('%s', (name, open) => {
  const here = it.skipIf(name.includes('not installed'));

  /** Reads into a list; fails at the words that it is told. */
  async function listen(bus: Bus, subject: string, reader: string, failing: string[] = []) {
    const heard: string[] = [];
    const subscription = await bus.subscribe(subject, reader, async ({ data, again }) => {
      const word = text(data);
      heard.push(again ? `${word} again` : word);
      const at = failing.indexOf(word);
      if (at >= 0) {
        failing.splice(at, 1);
        throw new Error('not now');
      }
    });
    return { heard, subscription };
  }

  here('brings every message to every reader, in order, also what was said before they came', async () => {
    const bus = await open();
    const words = Array.from({ length: 50 }, (_, i) => `word ${i}`);
    for (const word of words.slice(0, 20)) await bus.publish('events.0', word, bytes(word));
    const store = await listen(bus, 'events.0', 'store');
    for (const word of words.slice(20)) await bus.publish('events.0', word, bytes(word));
    const analyse = await listen(bus, 'events.0', 'analyse');
    await vi.waitFor(() => expect(analyse.heard).toEqual(words), patience);
    await vi.waitFor(() => expect(store.heard).toEqual(words), patience);
    await bus.close();
  });

  here('gives a message again to who failed at it, before those that follow', async () => {
    const bus = await open();
    const { heard } = await listen(bus, 'signals', 'decide', ['b']);
    for (const word of ['a', 'b', 'c']) await bus.publish('signals', word, bytes(word));
    await vi.waitFor(() => expect(heard).toEqual(['a', 'b', 'b again', 'c']), patience);
    await bus.close();
  });

  here('counts what is said twice under one id once', async () => {
    const bus = await open();
    const { heard } = await listen(bus, 'signals', 'decide');
    for (const id of ['1', '1', '2']) await bus.publish('signals', id, bytes(id));
    await bus.publish('signals', '1', bytes('1'));
    await bus.publish('signals', 'end', bytes('end'));
    await vi.waitFor(() => expect(heard).toEqual(['1', '2', 'end']), patience);
    await bus.close();
  });

  here('takes no more than fits, and more once there is room', async () => {
    const bus = await open({ subjectBytes: 300_000 });
    const big = Buffer.alloc(100_000);
    let taken = 0;
    const fill = async () => {
      for (;;) await bus.publish('signals', `big ${taken++}`, big);
    };
    await expect(fill()).rejects.toThrow();
    expect(taken).toBeGreaterThan(2);
    expect(taken).toBeLessThan(6);
    const { heard } = await listen(bus, 'signals', 'decide');
    await vi.waitFor(() => expect(heard).toHaveLength(taken - 1), patience);
    await vi.waitFor(() => bus.publish('signals', 'more', bytes('more')), patience);
    await vi.waitFor(() => expect(heard.at(-1)).toBe('more'), patience);
    await bus.close();
  });

  here('goes on where a reader stopped', async () => {
    const bus = await open();
    const first = await listen(bus, 'signals', 'decide');
    await bus.publish('signals', '1', bytes('1'));
    await vi.waitFor(() => expect(first.heard).toEqual(['1']), patience);
    await first.subscription.stop();
    await bus.publish('signals', '2', bytes('2'));
    const second = await listen(bus, 'signals', 'decide');
    await vi.waitFor(() => expect(second.heard).toEqual(['2']), patience);
    expect(first.heard).toEqual(['1']);
    await bus.close();
  });

  here('refuses what is no subject, no reader, or too long', async () => {
    const bus = await open({ maxMessage: 1_000 });
    await expect(bus.publish('other', '1', bytes('x'))).rejects.toThrow('no subject');
    await expect(bus.publish('events.>', '1', bytes('x'))).rejects.toThrow('no subject');
    await expect(bus.publish('signals', '1', Buffer.alloc(1_001))).rejects.toThrow('too long');
    await expect(bus.subscribe('signals', 'store', async () => {})).rejects.toThrow('no reader');
    await bus.publish('nobody', '1', bytes('said to nobody'));
    await bus.close();
  });
});

it.skipIf(natsFault)(`loses nothing where the server is killed (${natsFault ?? 'NATS'})`, async () => {
  // An acknowledgement that the server had not written yet is forgotten: its message comes again after `handleMs`.
  const options = { prefix: 'killed', retryMs: 10, handleMs: 1_000 };
  const bus = await openNatsBus({ servers: nats.servers }, topology, options);
  const words = Array.from({ length: 30 }, (_, i) => `word ${i}`);
  for (const word of words.slice(0, 10)) await bus.publish('signals', word, bytes(word));
  const heard: string[] = [];
  await bus.subscribe('signals', 'decide', async ({ data }) => void heard.push(text(data)));
  await nats.kill();
  const rest = (async () => {
    for (const word of words.slice(10))
      await vi.waitFor(() => bus.publish('signals', word, bytes(word)), patience);
  })();
  await nats.start();
  await rest;
  await vi.waitFor(() => expect([...new Set(heard)]).toEqual(words), patience);
  await bus.close();
});
