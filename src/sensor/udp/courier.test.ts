import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type Duplex, duplexPair } from 'node:stream';
import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import { manualClock } from '../../kit/clock.ts';
import { silentLog } from '../../kit/log.ts';
import { defaultLimits } from '../limits.ts';
import { Courier } from './courier.ts';
import { type Arrival, answerFrame, arrivalFrame, frameReader, readArrival } from './frame.ts';

const cleaners: (() => unknown)[] = [];
afterEach(() => {
  for (const clean of cleaners.splice(0)) clean();
});

async function client(): Promise<Socket> {
  const socket = createSocket('udp4');
  cleaners.push(() => socket.close());
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

/** A courier whose other end is in our hands, as it would be in those of who had taken the sensor over. */
async function courier(limits: Partial<typeof defaultLimits> = {}) {
  const one = new Courier({ ...defaultLimits, ...limits }, manualClock(0), silentLog);
  cleaners.push(() => one.close());
  const port = await one.bind(3, { host: '127.0.0.1', port: 0 }, 161);
  const [outside, inside] = duplexPair();
  one.attach(outside);
  const arrivals: Arrival[] = [];
  let wake = () => {};
  inside.on(
    'data',
    frameReader((frame) => {
      arrivals.push(readArrival(Buffer.from(frame)));
      wake();
    }),
  );
  const next = async () => {
    while (arrivals.length === 0)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    return arrivals.shift()!;
  };
  return { one, port, inside, next };
}

const settled = async (inside: Duplex, done: () => boolean) => {
  while (!done()) await new Promise((resolve) => setImmediate(resolve));
  expect(inside.destroyed).toBe(false);
};

it('carries a datagram to its service and the answer back', async () => {
  const { one, port, inside, next } = await courier();
  const socket = await client();
  socket.send('hello', port, '127.0.0.1');
  const arrival = await next();
  expect(arrival).toMatchObject({ service: 3, ip: '127.0.0.1', port: socket.address().port });
  expect(arrival.bytes.toString()).toBe('hello');
  inside.write(answerFrame(arrival.token, Buffer.from('olleh')));
  const [answer, from] = (await once(socket, 'message')) as [Buffer, { port: number }];
  expect(answer.toString()).toBe('olleh');
  expect(from.port).toBe(port);
  expect(one.counters).toMatchObject({ datagrams: 1, datagramAnswers: 1 });
});

it('lets nothing out that is longer, answers twice, or answers nobody, whatever the sensor process says', async () => {
  const { one, port, inside, next } = await courier();
  const socket = await client();
  const heard: string[] = [];
  socket.on('message', (bytes: Buffer) => heard.push(bytes.toString()));
  socket.send('abc', port, '127.0.0.1');
  const first = await next();
  inside.write(answerFrame(first.token, Buffer.from('long')));
  inside.write(answerFrame(first.token, Buffer.from('x')));
  inside.write(answerFrame(9_999, Buffer.from('x')));
  await settled(inside, () => one.counters.datagramAnswersLate === 2);
  socket.send('abc', port, '127.0.0.1');
  inside.write(answerFrame((await next()).token, Buffer.from('end')));
  await once(socket, 'message');
  expect(heard).toEqual(['end']);
  expect(one.counters).toMatchObject({ datagramAnswersLonger: 1, datagramAnswers: 1 });
});

it('answers only so often', async () => {
  const { one, port, inside, next } = await courier({ datagramAnswersPerSource: 2 });
  const socket = await client();
  for (let n = 0; n < 5; n++) {
    socket.send('abc', port, '127.0.0.1');
    inside.write(answerFrame((await next()).token, Buffer.from('x')));
  }
  await settled(inside, () => one.counters.datagramAnswersOverRate === 3);
  expect(one.counters.datagramAnswers).toBe(2);
});

it('counts what it cannot carry', async () => {
  const { one, port } = await courier({ datagramPending: 1 });
  const socket = await client();
  socket.send('abc', port, '127.0.0.1');
  while (one.counters.datagramsLost === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(one.counters).toMatchObject({ datagrams: 1, datagramsLost: 1 });
});

it('gives up a stream that makes no sense', async () => {
  const { one, port, inside } = await courier();
  const socket = await client();
  inside.write(Buffer.from([255, 255, 255, 255]));
  while (one.counters.datagramsLost === 0) {
    socket.send('abc', port, '127.0.0.1');
    await new Promise((resolve) => setImmediate(resolve));
  }
});

it('rejects where a port is taken', async () => {
  const { one, port } = await courier();
  await expect(one.bind(0, { host: '127.0.0.1', port }, 53)).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

it('reads frames however they are cut', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 5 }), fc.nat(9), (all, cut) => {
      const sent = all.map((bytes, token) => ({
        token,
        service: 1,
        ip: '2001:db8::1',
        port: 65_535,
        bytes: Buffer.from(bytes),
      }));
      const stream = Buffer.concat(sent.map(arrivalFrame));
      const got: Arrival[] = [];
      const read = frameReader((frame) => got.push(readArrival(Buffer.from(frame))));
      for (let at = 0; at < stream.length; at += cut + 1) read(stream.subarray(at, at + cut + 1));
      expect(got).toEqual(sent);
    }),
  );
});
