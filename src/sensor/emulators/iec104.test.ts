import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { serve } from '../fixture.ts';
import { meet } from '../play.ts';
import { iec104 } from './iec104.ts';

const run = promisify(execFile);

it('starts, is interrogated, takes a command, and tells', async () => {
  const talk = meet(iec104, { options: { address: 7, points: 2 } });
  const ask = async (hex: string) =>
    Buffer.from(await talk.say(Buffer.from(hex, 'hex')), 'latin1').toString('hex');
  expect(await ask('680407000000')).toBe('68040b000000');
  expect(await ask('680443000000')).toBe('680483000000');
  const said = await ask('680e0000000064010600ffff00000014');
  expect(said).toMatch(/^680e0000020064010700070000000014680f02000200018214000700010000 ?0[01]0[01]6817/);
  expect(said.endsWith('680e0600020064010a00070000000014')).toBe(true);
  // A single command to point 3.
  expect(await ask('680e020008002d010600070003000001')).toBe('680e080004002d010700070003000001');
  expect(await ask('680e0400080007010600070003000001')).toBe('680e0a00060007016c00070003000001');
  expect(await ask('680e060008002d010600090003000001')).toBe('680e0c0008002d016e00090003000001');
  await talk.leave();
  expect(talk.events.flatMap((event) => (event.kind === 'command' ? [event.input] : []))).toEqual([
    'control 0x07',
    'control 0x43',
    'interrogation 0',
    'single command 3',
    'type 7 3',
    'single command 3',
  ]);
  expect(talk.faults).toEqual([]);
});

it('closes on another protocol', async () => {
  const talk = meet(iec104);
  expect(await talk.say('GET / HTTP/1.0\r\n\r\n')).toBe('');
  expect(talk.over).toBe(true);
});

it.skipIf(!existsSync('/usr/share/nmap/scripts/iec-identify.nse'))(
  'nmap interrogates it (skipped without nmap)',
  async () => {
    const served = await serve(iec104, { address: 7 });
    const args = ['-Pn', '-n', '--script', '+iec-identify', '-p', `${served.port}`, '127.0.0.1'];
    const { stdout } = await run('nmap', args);
    await served.close();
    expect(stdout).toMatch(/ASDU address: 7/);
    expect(stdout).toMatch(/Information objects: 24/);
  },
);
