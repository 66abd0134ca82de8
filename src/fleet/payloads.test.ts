import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../kit/log.ts';
import { protocols } from '../model/fleet.ts';
import { payloadPath } from '../model/payload.ts';
import { createRoster, openDatabase } from '../state/index.ts';
import { type Hub, openHub } from './hub.ts';
import { dial } from './member/dial.ts';
import { enrol } from './member/enrol.ts';
import type { Membership } from './member/membership.ts';
import { carryPayloads, type Settled } from './member/payloads.ts';
import { PayloadStore } from './payload-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'caltrop-carry-'));
const store = join(folder, 'hub', 'payloads');
const outbox = join(folder, 'outbox');
let database: Awaited<ReturnType<typeof openDatabase>>;
let hub: Hub;
let one: Membership;

beforeAll(async () => {
  database = await openDatabase({ folder: join(folder, 'state') });
  hub = await openHub({
    host: '127.0.0.1',
    port: 0,
    folder: join(folder, 'hub'),
    roster: createRoster(database),
    link: () => {},
    log: silentLog,
    now: () => Date.now(),
  });
  const at = { host: '127.0.0.1', port: hub.port };
  one = await enrol(join(folder, 'one'), at, await hub.invite('one'));
});
afterAll(async () => {
  await hub?.close();
  await database?.destroy();
  rmSync(folder, { recursive: true, force: true });
});

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const connect = () => dial(one.hub, protocols.payload, one);
const closed = (socket: TLSSocket) => new Promise<void>((resolve) => socket.once('close', () => resolve()));

function leave(bytes: Uint8Array, name = hashOf(bytes)): string {
  const path = payloadPath(outbox, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  return name;
}

/** Carries until the test says so. */
function carry(socket: TLSSocket, settled: Settled = new Set()) {
  return carryPayloads(socket, outbox, settled, {
    rate: 1e12,
    everyMs: 20,
    settledLimit: 100,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });
}

/** Says lines and bytes as they are, and hears lines. */
async function speak(...words: (string | Uint8Array)[]): Promise<{ lines: string[]; socket: TLSSocket }> {
  const socket = await connect();
  let text = '';
  socket.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  for (const word of words) {
    const before = text;
    socket.write(word);
    if (typeof word === 'string')
      await Promise.race([expect.poll(() => text).not.toBe(before), closed(socket)]);
  }
  return {
    get lines() {
      return text.split('\n').filter(Boolean);
    },
    socket,
  };
}

describe('payloads of a fleet', () => {
  it('come to the hub, once each, whatever comes in between', async () => {
    const names = [Buffer.from('first'), Buffer.alloc(3_000_000, 7), Buffer.alloc(0)].map((bytes) =>
      leave(bytes),
    );
    const settled: Settled = new Set();
    const socket = await connect();
    const done = carry(socket, settled);
    await expect.poll(() => settled.size, { timeout: 20_000 }).toBe(3);
    for (const name of names) expect(hashOf(readFileSync(payloadPath(store, name)))).toBe(name);
    const late = leave(Buffer.from('later'));
    await expect.poll(() => existsSync(payloadPath(store, late)), { timeout: 20_000 }).toBe(true);
    socket.destroy();
    await done;
    const again = await connect();
    const offered: Settled = new Set();
    const second = carry(again, offered);
    await expect.poll(() => offered.size, { timeout: 20_000 }).toBe(4);
    expect(hub.counters).toMatchObject({ payloadsTaken: 4, payloads: 4 });
    again.destroy();
    await second;
  });

  it('go on where the way was cut', async () => {
    const bytes = Buffer.alloc(500_000, 9);
    const sha256 = hashOf(bytes);
    const offer = `${JSON.stringify({ offer: { sha256, size: bytes.length } })}\n`;
    const first = await speak(offer);
    expect(first.lines).toEqual(['{"from":0}']);
    first.socket.write(bytes.subarray(0, 200_000));
    const partial = join(store, 'partial', `one ${sha256}`);
    await expect.poll(() => existsSync(partial) && readFileSync(partial).length).toBe(200_000);
    first.socket.destroy();
    const second = await speak(offer);
    expect(second.lines).toEqual(['{"from":200000}']);
    second.socket.write(bytes.subarray(200_000));
    await expect.poll(() => second.lines.at(-1)).toBe('{"kept":true}');
    expect(readdirSync(join(store, 'partial'))).toEqual([]);
    second.socket.destroy();
  });

  it('are not taken under a hash that they do not have, and nothing of them stays', async () => {
    const sha256 = hashOf(Buffer.from('what it says'));
    const talk = await speak(`${JSON.stringify({ offer: { sha256, size: 4 } })}\n`);
    expect(talk.lines).toEqual(['{"from":0}']);
    talk.socket.write('evil');
    await expect.poll(() => talk.lines.at(-1)).toBe('{"kept":false}');
    talk.socket.destroy();
    expect(existsSync(payloadPath(store, sha256))).toBe(false);
    expect(hub.counters.payloadsBroken).toBe(1);
  });

  it.each([
    ['garbage', 'hello\n'],
    ['a path for a hash', `${JSON.stringify({ offer: { sha256: '../../../../etc/passwd', size: 1 } })}\n`],
    ['an endless line', 'x'.repeat(5_000)],
    ['a negative size', `${JSON.stringify({ offer: { sha256: 'a'.repeat(64), size: -1 } })}\n`],
  ])('end with %s', async (_, words) => {
    const socket = await connect();
    socket.write(words);
    await closed(socket);
  });

  it('are refused where they are too large, or too much for a day; the oldest leave', async () => {
    let now = 1_780_000_000_000;
    const limits = { size: 100, bytes: 150, count: 10, perSensorDay: 250 };
    const small = new PayloadStore(join(folder, 'small'), () => now, limits);
    const bring = async (sensor: string, bytes: Buffer) => {
      const sha256 = hashOf(bytes);
      const from = await small.wants(sensor, sha256, bytes.length);
      if (typeof from === 'string') return from;
      const file = await small.taking(sensor, sha256, from);
      await file.write(bytes.subarray(from));
      await file.close();
      return small.settle(sensor, sha256, bytes.length);
    };
    expect(await bring('a', Buffer.alloc(101))).toBe('large');
    expect(await bring('a', Buffer.alloc(100, 1))).toBe(true);
    expect(await bring('b', Buffer.alloc(100, 1))).toBe('have');
    expect(await bring('a', Buffer.alloc(100, 2))).toBe(true);
    expect(small.counters.payloadsEvicted).toBe(1);
    expect(await bring('a', Buffer.alloc(100, 3))).toBe('later');
    expect(await bring('b', Buffer.alloc(100, 3))).toBe(true);
    now += 86_400_000;
    expect(await bring('a', Buffer.alloc(100, 4))).toBe(true);
    const opened = new PayloadStore(join(folder, 'small'), () => now, limits);
    expect(opened.count).toBe(small.count);
  });
});
