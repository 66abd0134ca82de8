import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { serve } from '../fixture.ts';
import { createPersona } from '../personas.ts';
import { meet } from '../play.ts';
import { s7 } from './s7.ts';

const run = promisify(execFile);
const hello = '0300001611e00000000100c0010ac1020100c2020102';
const setUp = '0300001902f08032010000040000080000f0000001000101e0';

async function connected() {
  const talk = meet(s7, { kind: 'plc' });
  const ask = async (hex: string) =>
    Buffer.from(await talk.say(Buffer.from(hex, 'hex')), 'latin1').toString('hex');
  expect(await ask(hello)).toBe('0300001611d00001002e00c0010ac1020100c2020102');
  expect(await ask(setUp)).toBe('0300001b02f080320300000400000800000000f0000001000100f0');
  return { talk, ask };
}

it('connects, sets up, reads, takes writes and a stop, and tells', async () => {
  const { talk, ask } = await connected();
  // Four bytes of data block 1 from byte 0.
  const said = await ask('0300001f02f080320100000500000e00000401120a10020004000184000000');
  expect(said).toMatch(/^0300001d02f0803203000005000002000800000401ff040020[0-9a-f]{8}$/);
  expect(await ask('0300002402f080320100000600000e00050501120a1002000100018400000000040008aa')).toMatch(
    /0501ff$/,
  );
  const stop = '0300002102f0803201000007000010000029000000000009505f50524f4752414d';
  expect(await ask(stop)).toMatch(/29$/);
  await talk.leave();
  const commands = talk.events.flatMap((event) => (event.kind === 'command' ? [event.input] : []));
  expect(commands).toEqual(['connect', 'set up', 'read', 'write', 'stop']);
  expect(talk.faults).toEqual([]);
});

it('refuses lists that it has not', async () => {
  const { ask } = await connected();
  const said = await ask('0300002102f080320700000300000800080001120411440100ff09000401310001');
  expect(said).toMatch(/d4010a000000$/);
});

it('closes on another protocol', async () => {
  const talk = meet(s7);
  expect(await talk.say('GET / HTTP/1.0\r\n\r\n')).toBe('');
  expect(talk.over).toBe(true);
});

it.skipIf(!existsSync('/usr/bin/nmap'))('nmap reads what it is (skipped without nmap)', async () => {
  const served = await serve(s7, {}, { kind: 'plc' });
  const args = ['-Pn', '-n', '--script', '+s7-info', '-p', `${served.port}`, '127.0.0.1'];
  const { stdout } = await run('nmap', args);
  await served.close();
  expect(stdout).toMatch(/Module: 6ES7 315-2EH14-0AB0/);
  expect(stdout).toMatch(/Version: 3\.2\.14/);
  expect(stdout).toContain(`System Name: ${createPersona('lab', 'plc').hostname}`);
  expect(stdout).toMatch(/Module Type: CPU 315-2 PN\/DP/);
  expect(served.faults).toEqual([]);
});
