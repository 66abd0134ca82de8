import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../kit/clock.ts';
import { silentLog } from '../kit/log.ts';
import { orderedUuidv7 } from '../kit/uuid.ts';
import { type Event, parseEvent } from '../model/event.ts';
import { Door } from './door.ts';
import { defineEmulator, type Wire } from './emulator.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { createPersona } from './personas.ts';
import { systemRandom } from './random.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function house(
  session: (wire: Wire) => Promise<void>,
  options: { limits?: Partial<Limits>; crowded?: () => boolean; host?: string } = {},
) {
  const events: Event[] = [];
  const faults: unknown[] = [];
  let wake = () => {};
  const door = new Door(
    {
      sensor: 'lab',
      persona: createPersona('lab'),
      limits: { ...defaultLimits, ...options.limits },
      clock: systemClock,
      random: systemRandom(),
      nextId: orderedUuidv7(systemRandom()),
      log: silentLog,
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      append(event) {
        events.push(parseEvent(event));
        wake();
        return true;
      },
      keep: (bytes) => ({ sha256: '', size: bytes.length }),
      fault: (_, error) => faults.push(error),
    },
    options.crowded,
  );
  const server = createServer();
  server.listen(0, options.host ?? '127.0.0.1');
  await once(server, 'listening');
  const echo = defineEmulator({
    name: 'echo',
    summary: '',
    port: 7,
    highPort: 7,
    options: z.strictObject({}),
    session,
  });
  door.open(server, { emulator: echo, options: {} });
  closers.push(() => door.close());
  const { port } = server.address() as AddressInfo;
  return {
    door,
    echo,
    events,
    faults,
    async visit(from = '127.0.0.1'): Promise<Socket> {
      const socket = connect({ port, host: '127.0.0.1', localAddress: from });
      socket.on('error', () => {});
      await once(socket, 'connect');
      return socket;
    },
    async until(done: (events: Event[]) => boolean) {
      while (!done(events)) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

const echoLines = async (wire: Wire) => {
  for (let line = await wire.line(); line !== null; line = await wire.line()) {
    wire.emit({ kind: 'command', input: line });
    wire.send(`${line}\n`);
  }
};
const closed = (n: number) => (events: Event[]) => events.filter(({ kind }) => kind === 'close').length >= n;

it('binds the head at the door: addresses in one spelling, one session, a proven handshake', async () => {
  const { visit, events, until } = await house(echoLines, { host: '::' });
  const socket = await visit('127.0.0.9');
  socket.end('hello\n');
  await until(closed(1));
  expect(events.map(({ kind }) => kind)).toEqual(['connect', 'command', 'close']);
  expect(new Set(events.map(({ session }) => session)).size).toBe(1);
  expect(events[0]).toMatchObject({
    sensor: 'lab',
    protocol: 'echo',
    transport: 'tcp',
    handshake: 'established',
    decoy: true,
    src: { ip: '127.0.0.9', port: socket.localPort },
    dst: { ip: '127.0.0.1' },
  });
  expect(events[1]).toMatchObject({ input: 'hello', raw: 'hello\n' });
  expect(events[2]).toMatchObject({ received: 6, sent: 6, reason: 'peer' });
});

it('marks a session as relayed where a browser may speak', async () => {
  const { visit, events, until } = await house(echoLines);
  (await visit()).end('POST / HTTP/1.1\r\nHost: x\r\n\r\n');
  await until(closed(1));
  expect(new Set(events.map(({ handshake }) => handshake))).toEqual(new Set(['relayed']));
});

it('refuses a source over its limit and everybody over the limit of all, and counts both', async () => {
  const { visit, door } = await house(echoLines, { limits: { perSource: 2, sessions: 3 } });
  const kept = [await visit(), await visit()];
  const third = await visit();
  await once(third, 'close');
  kept.push(await visit('127.0.0.2'));
  const fifth = await visit('127.0.0.3');
  await once(fifth, 'close');
  expect(door.counters).toMatchObject({ accepted: 3, active: 3, refusedSource: 1, refusedFull: 1 });
  for (const socket of kept) socket.destroy();
});

it.each<[string, Partial<Limits>, string]>([
  ['silent', { silentMs: 1 }, ''],
  ['idle', { idleMs: 1 }, 'x\n'],
  ['duration', { sessionMs: 1 }, 'x\n'],
  ['received', { received: 10 }, 'x'.repeat(11)],
  ['line', { line: 10 }, 'x'.repeat(50)],
  ['sent', { sent: 3 }, 'abcdef\n'],
  ['events', { events: 2 }, 'a\nb\nc\n'],
])('ends a session at the limit %s', async (reason, limits, bytes) => {
  const { visit, events, until } = await house(echoLines, { limits });
  const socket = await visit();
  socket.resume();
  if (bytes) socket.write(bytes);
  await until(closed(1));
  expect(events.at(-1)).toMatchObject({ kind: 'close', reason });
  if (!socket.closed) await once(socket, 'close');
});

it('shows nothing of a bug, counts it, and serves the next', async () => {
  const { visit, faults, events, until } = await house(async (wire) => {
    const line = await wire.line();
    if (line === 'bug') throw new TypeError('a bug');
    wire.send('fine\n');
  });
  const socket = await visit();
  socket.write('bug\n');
  const said: Buffer[] = [];
  socket.on('data', (bytes) => said.push(bytes));
  await once(socket, 'close');
  expect(said).toEqual([]);
  await until(closed(1));
  expect(faults).toHaveLength(1);
  expect(events.at(-1)).toMatchObject({ reason: 'fault' });
  const next = await visit();
  next.end('x\n');
  expect(String((await once(next, 'data'))[0])).toBe('fine\n');
});

it('lets nobody in while it is crowded, and those who wait after', async () => {
  let crowded = true;
  const { visit, door, until } = await house(async (wire) => wire.send('hello'), { crowded: () => crowded });
  const socket = await visit();
  while (door.counters.waiting === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(door.counters).toMatchObject({ waiting: 1, active: 0, accepted: 0 });
  crowded = false;
  expect(String((await once(socket, 'data'))[0])).toBe('hello');
  await until(closed(1));
});

it('ends a session whose peer does not read', async () => {
  const { visit, events, until } = await house(
    async (wire) => {
      await wire.line();
      for (let i = 0; i < 2_000; i++) wire.send('x'.repeat(10_000));
    },
    { limits: { unsent: 1_000_000 } },
  );
  const socket = await visit();
  socket.pause();
  socket.write('go\n');
  await until(closed(1));
  expect(events.at(-1)).toMatchObject({ reason: 'unsent' });
  socket.destroy();
});

it('ends who is past the deadline that the dialogue set, and not who had it lifted', async () => {
  const { visit, events, until } = await house(async (wire) => {
    wire.deadline(wire.now());
    if ((await wire.line()) === 'in') {
      wire.deadline(Number.POSITIVE_INFINITY);
      await wire.line();
    }
  });
  const stays = await visit();
  stays.write('in\n');
  await visit();
  await until(closed(1));
  expect(events.at(-1)).toMatchObject({ kind: 'close', reason: 'grace', received: 0 });
  stays.end();
  await until(closed(2));
  expect(events.at(-1)).toMatchObject({ kind: 'close', reason: 'peer' });
});

it('keeps nothing of what comes once it is encrypted', async () => {
  const { visit, events, until } = await house(async (wire) => {
    await wire.line();
    wire.opaque();
    await wire.line();
    wire.emit({ kind: 'command', input: 'x' });
    await wire.line();
  });
  const socket = await visit();
  socket.end('plain\nsealed\nleft over');
  await until(closed(1));
  expect(events.map(({ kind, raw }) => [kind, raw])).toEqual([
    ['connect', undefined],
    ['command', undefined],
    ['close', undefined],
  ]);
});

it('shows another machine on another socket, which does not know what was done to the first', async () => {
  const inn = await house(async (wire) => {
    const seen = wire.memory.get('seen');
    wire.memory.set('seen', wire.persona.hostname);
    wire.send(`${wire.persona.kind} ${seen ?? 'nobody'}\n`);
  });
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const persona = createPersona('other', 'plc');
  inn.door.open(server, {
    emulator: inn.echo,
    options: {},
    around: {
      sensor: 'second',
      persona,
      limits: defaultLimits,
      clock: systemClock,
      random: systemRandom(),
      nextId: orderedUuidv7(systemRandom()),
      log: silentLog,
      sleep: async () => {},
      append: (event) => inn.events.push(parseEvent(event)) > 0,
      keep: (bytes) => ({ sha256: '', size: bytes.length }),
      fault: (_, error) => inn.faults.push(error),
    },
  });
  const hear = async (port: number) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const [said] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    return said.toString();
  };
  const first = await inn.visit();
  const [said] = (await once(first, 'data')) as [Buffer];
  first.destroy();
  const { port } = server.address() as AddressInfo;
  expect(said.toString()).toBe('storage-box nobody\n');
  expect(await hear(port)).toBe('plc nobody\n');
  expect(await hear(port)).toBe(`plc ${persona.hostname}\n`);
  await inn.until((events) => events.some(({ sensor }) => sensor === 'second'));
  expect(inn.faults).toEqual([]);
});
