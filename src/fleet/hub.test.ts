import { createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { createServer, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { onLines } from '../kit/line-stream.ts';
import { silentLog } from '../kit/log.ts';
import { protocols } from '../model/fleet.ts';
import { createRoster, openDatabase } from '../state/index.ts';
import { openAuthority } from './authority.ts';
import { type Hub, openHub } from './hub.ts';
import { dial } from './member/dial.ts';
import { enrol } from './member/enrol.ts';
import { HeldConfig } from './member/held-config.ts';
import type { Membership } from './member/membership.ts';

const day = 86_400_000;
const folder = mkdtempSync(join(tmpdir(), 'caltrop-hub-'));
const linked: [string, Duplex][] = [];
let database: Awaited<ReturnType<typeof openDatabase>>;
let hub: Hub;
let now = Date.now();
let one: Membership;
let at: { host: string; port: number };

beforeAll(async () => {
  database = await openDatabase({ folder: join(folder, 'state') });
  hub = await openHub({
    host: '127.0.0.1',
    port: 0,
    folder: join(folder, 'hub'),
    roster: createRoster(database),
    link: (name, stream) => linked.push([name, stream]),
    log: silentLog,
    now: () => now,
  });
  at = { host: '127.0.0.1', port: hub.port };
  one = await enrol(join(folder, 'one'), at, await hub.invite('one'));
});
afterAll(async () => {
  await hub?.close();
  await database?.destroy();
  rmSync(folder, { recursive: true, force: true });
});

const closed = (socket: TLSSocket) => new Promise<void>((resolve) => socket.once('close', () => resolve()));
const control = (membership: Membership) => dial(at, protocols.control, membership);
const health = (config = 0) =>
  `${JSON.stringify({ health: { version: '1', config, running: true, starts: 1, services: 1, isolation: [], counters: {} } })}\n`;
const nextLine = (socket: TLSSocket) =>
  new Promise<{ config: { text: string; signature: string } }>((resolve) =>
    onLines(socket, 1e6, (line) => resolve(JSON.parse(line))),
  );

it('gives each link the name that its certificate has, whatever it says', async () => {
  const socket = await dial(at, protocols.link, one);
  socket.write('{"hello":{"sensor":"other"}}\n');
  await expect.poll(() => linked.at(-1)?.[0]).toBe('one');
  socket.destroy();
});

it('takes nobody without a certificate of its own, and no old invitation', async () => {
  for (const protocol of [protocols.link, protocols.control]) {
    const socket = await dial(at, protocol, { authority: one.authority });
    await closed(socket);
  }
  const stranger = openAuthority(join(folder, 'stranger'), () => now);
  const { key } = one;
  const forged = { ...one, certificate: stranger.admit('one', Buffer.from(publicPart(one), 'base64')), key };
  await closed(await dial(at, protocols.link, { ...forged, authority: one.authority }));
  const token = await hub.invite('late');
  now += 2 * day;
  await expect(enrol(join(folder, 'late'), at, token)).rejects.toThrow('not open');
  now -= 2 * day;
  expect(linked).toHaveLength(1);
});

it('cannot be played by a sensor', async () => {
  const server = createServer({ cert: one.certificate, key: one.key, ALPNProtocols: [protocols.control] });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = (server.address() as AddressInfo).port;
  await expect(dial({ host: '127.0.0.1', port }, protocols.control, one)).rejects.toThrow(
    /purpose|not the hub/,
  );
  server.close();
});

it('hangs up on garbage, and serves the others', async () => {
  const good = await control(one);
  good.write(health());
  const enrolling = await dial(at, protocols.enrol, { authority: one.authority });
  enrolling.write('not json\n');
  expect(JSON.stringify(await nextLine(enrolling))).toContain('right form');
  const two = await enrol(join(folder, 'two'), at, await hub.invite('two'));
  for (const words of ['{"health":', `${'x'.repeat(300_000)}\n`, '{"renew":"AAAA"}\n', '[]\n']) {
    const socket = await control(two);
    socket.write(`${words}\n`);
    await closed(socket);
  }
  expect(good.destroyed).toBe(false);
  good.destroy();
});

it('signs what a sensor is to run, for it alone, and forward only', async () => {
  const socket = await control(one);
  const line = nextLine(socket);
  await hub.configure('one', { first: true });
  socket.write(health());
  const { config: first } = await line;
  const held = new HeldConfig(join(folder, 'one'), one);
  expect(() => held.take({ ...first, text: first.text.replace('true', 'null') })).toThrow('not signed');
  expect(() => new HeldConfig(join(folder, 'one'), { ...one, name: 'two' }).take(first)).toThrow(
    'is for one',
  );
  expect(held.take(first)).toBe(true);
  expect(held.take(first)).toBe(false);
  expect(new HeldConfig(join(folder, 'one'), one).current).toEqual({ serial: 1, plan: { first: true } });
  socket.destroy();
});

it('renews certificates, and cuts off whom it revokes', async () => {
  const socket = await control(one);
  const line = nextLine(socket) as Promise<unknown>;
  socket.write(`${JSON.stringify({ renew: publicPart(one) })}\n`);
  const { certificate } = (await line) as { certificate: string };
  const again = await control({ ...one, certificate });
  await closed(socket);
  await hub.revoke('one');
  await closed(again);
  await closed(await dial(at, protocols.link, one));
  expect(linked).toHaveLength(1);
});

function publicPart({ key }: Membership): string {
  return createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64');
}
