import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SshClient } from '../../../attack/clients/ssh.ts';
import { parseEvent } from '../../model/event.ts';
import type { Served } from '../fixture.ts';
import { message, string, uint32 } from './data.ts';
import { serveSsh } from './fixture.ts';
import { Message } from './message.ts';

/** Sessions; each is a key exchange, which costs a millisecond or two. */
const runs = Math.max(200, Math.floor(Number(process.env.CALTROP_FUZZ_RUNS ?? 10_000) / 20));
const account = { user: 'root', secret: 'admin' };

let served: Served;
beforeAll(async () => {
  served = await serveSsh({ product: 'openssh-9.2p1-debian12', limits: { events: 500 } });
  const client = await SshClient.open({ port: served.port });
  await client.service();
  while (!(await client.password(account.user, account.secret))) {}
  client.destroy();
});
afterAll(() => served.close());

const ask = (name: string, ...rest: (Buffer | string | boolean)[]) =>
  message(Message.channelRequest, uint32(0), name, true, ...rest);
const data = (bytes: Buffer | string) => message(Message.channelData, uint32(0), string(bytes));
const sftp = (type: number, ...rest: (Buffer | string)[]) => data(string(message(type, uint32(7), ...rest)));

/** What sessions are made of: each may be changed before it is sent. */
const recorded: readonly Buffer[] = [
  message(Message.channelOpen, 'session', uint32(0), uint32(2_097_152), uint32(32_768)),
  message(Message.channelOpen, 'session', uint32(0), uint32(0), uint32(0)),
  message(
    Message.channelOpen,
    'direct-tcpip',
    uint32(1),
    uint32(9),
    uint32(9),
    'host',
    uint32(80),
    'me',
    uint32(1),
  ),
  ask('pty-req', 'xterm', uint32(80), uint32(24), uint32(0), uint32(0), '\x35\0\0\0\x01\0'),
  ask('shell'),
  ask('exec', 'uname -a; cat'),
  ask('exec', 'scp -t /tmp'),
  ask('exec', 'scp -r -f /etc'),
  ask('subsystem', 'sftp'),
  ask('env', 'LANG', 'C'),
  ask('signal', 'INT'),
  data('id\r\x03\x1b[A\r'),
  data('C0644 5 name\nhello\0'),
  data('D0755 0 dir\nE\n'),
  data('\0\0\0\0\0'),
  data(string(message(1, uint32(3)))),
  sftp(3, '/tmp/x', uint32(0x1a), uint32(0)),
  sftp(5, uint32(0), uint32(0), uint32(0), uint32(65_536)),
  sftp(6, string(uint32(0)), uint32(0), uint32(4), 'data'),
  sftp(6, string(uint32(0)), uint32(0xffffffff), uint32(4), 'data'),
  sftp(11, '/'),
  sftp(12, string(uint32(0))),
  sftp(16, '../../x'),
  sftp(18, '/tmp', '/tmp/in'),
  sftp(200, 'statvfs@openssh.com', '/'),
  message(Message.channelEof, uint32(0)),
  message(Message.channelClose, uint32(0)),
  message(Message.channelWindowAdjust, uint32(0), uint32(0xffffffff)),
  message(Message.globalRequest, 'tcpip-forward', true, '', uint32(0)),
  message(Message.kexInit, Buffer.alloc(16)),
  message(Message.userauthRequest, 'x', 'ssh-connection', 'password', false, 'y'),
];

const changed = fc
  .record({
    which: fc.nat(recorded.length - 1),
    flips: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }),
    cut: fc.option(fc.nat(), { freq: 8 }),
    more: fc.uint8Array({ maxLength: 8 }),
  })
  .map(({ which, flips, cut, more }) => {
    const bytes = Buffer.from(recorded[which]!);
    for (const [at, value] of flips) bytes[at % bytes.length] = value;
    const kept = cut === null ? bytes : bytes.subarray(0, 1 + (cut % bytes.length));
    return Buffer.concat([kept, more]);
  });

it(`survives ${runs} sessions of changed messages, before login and after`, {
  timeout: 60_000 + runs * 100,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      fc.array(changed, { minLength: 1, maxLength: 30 }),
      async (login, messages) => {
        const client = await SshClient.open({ port: served.port });
        await client.service();
        if (login && !(await client.password(account.user, account.secret))) throw new Error('not let in');
        for (const payload of messages) client.send(payload);
        // Two unknown requests: the answer to the second shows that all before was dealt with, unless we were sent away.
        client.send(message(Message.globalRequest, 'last', true));
        for (let got = await client.next(); got; got = await client.next()) {
          if (got[0] === Message.requestFailure || got[0] === Message.unimplemented) break;
        }
        client.destroy();
        expect(served.faults).toEqual([]);
        for (const event of served.events) parseEvent(event);
        served.events.length = 0;
      },
    ),
    { numRuns: runs },
  );
});

it('takes encrypted packets that are cut, changed or joined by junk as the end', async () => {
  for (const junk of [
    Buffer.alloc(3),
    Buffer.alloc(64, 255),
    Buffer.alloc(1_000),
    Buffer.from('SSH-2.0-x\r\n'),
  ]) {
    const client = await SshClient.open({ port: served.port });
    await client.service();
    client.raw(junk);
    client.raw(Buffer.alloc(300_000, 0x41));
    while (await client.next()) {}
    client.destroy();
  }
  expect(served.faults).toEqual([]);
});

it('holds to its windows: a peer that sends past them is sent away', async () => {
  const client = await SshClient.open({ port: served.port });
  await client.service();
  expect(await client.password(account.user, account.secret)).toBe(true);
  await client.session();
  await client.request('exec', 'sleep 60');
  const flood = message(Message.channelData, uint32(0), string(Buffer.alloc(32_768)));
  for (let i = 0; i < 80; i++) client.send(flood);
  const bye = await client.until(Message.disconnect);
  expect(bye.toString('latin1')).toContain('channel 0: peer ignored channel window');
  client.destroy();
});

it('ends what runs at Ctrl-C, and answers other questions meanwhile', async () => {
  const client = await SshClient.open({ port: served.port });
  await client.service();
  await client.password(account.user, account.secret);
  await client.session();
  await client.request('pty-req', 'xterm', uint32(80), uint32(24), uint32(0), uint32(0), '');
  await client.request('shell');
  await client.waitFor('# ');
  client.data('sleep 50\r');
  await client.waitFor('sleep 50\r\n');
  client.send(message(Message.globalRequest, 'keepalive@openssh.com', true));
  await client.until(Message.requestFailure);
  client.data('\x03');
  expect(await client.waitFor('# ')).toContain('^C');
  client.destroy();
});
