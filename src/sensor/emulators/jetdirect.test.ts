import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { serve } from '../fixture.ts';
import { meet } from '../play.ts';
import { jetdirect } from './jetdirect.ts';

const exit = '\x1b%-12345X';

it('answers PJL, and tells each command', async () => {
  const talk = meet(jetdirect, { options: { id: 'HP LaserJet 600 M602' } });
  expect(await talk.say(`${exit}@PJL INFO ID\r\n`)).toBe('@PJL INFO ID\r\n"HP LaserJet 600 M602"\r\n\f');
  expect(await talk.say('@PJL INFO STA')).toBe('');
  expect(await talk.say('TUS\n@PJL FSDIRLIST NAME="0:\\" ENTRY=1 COUNT=9\n')).toBe(
    '@PJL INFO STATUS\r\nCODE=10001\r\nDISPLAY="Ready"\r\nONLINE=TRUE\r\n\f@PJL FSDIRLIST NAME="0:\\" ENTRY=1 COUNT=9\r\nFILEERROR=3\r\n\f',
  );
  expect(await talk.say('@PJL RDYMSG DISPLAY="pwned"\n')).toBe('');
  await talk.leave();
  expect(talk.events.flatMap((event) => (event.kind === 'command' ? [event.input] : []))).toEqual([
    'INFO ID',
    'INFO STATUS',
    'FSDIRLIST NAME="0:\\" ENTRY=1 COUNT=9',
    'RDYMSG DISPLAY="pwned"',
  ]);
  expect(talk.events.some(({ kind }) => kind === 'upload')).toBe(false);
});

it('keeps what is printed, without what stands around it', async () => {
  const talk = meet(jetdirect);
  const page = '%!PS\n(hello) show\nshowpage\n';
  await talk.say(`${exit}@PJL JOB\n@PJL ENTER LANGUAGE=POSTSCRIPT\n${page.slice(0, 9)}`);
  await talk.say(`${page.slice(9)}${exit.slice(0, 1)}`);
  await talk.say(`${exit.slice(1)}@PJL EOJ\n${exit}`);
  await talk.leave();
  expect(talk.events.filter(({ kind }) => kind === 'upload')).toMatchObject([
    { size: page.length, sha256: createHash('sha256').update(page).digest('hex') },
  ]);
  expect(talk.faults).toEqual([]);
});

it('keeps plain text that somebody prints', async () => {
  const talk = meet(jetdirect);
  await talk.say('you have been ');
  await talk.say('hacked\n');
  await talk.leave();
  expect(talk.events.filter(({ kind }) => kind === 'upload')).toMatchObject([{ size: 21 }]);
});

it.skipIf(!existsSync('/usr/share/nmap/scripts/pjl-ready-message.nse'))(
  'nmap reads its ready message (skipped without nmap)',
  async () => {
    const served = await serve(jetdirect);
    const args = ['-Pn', '-n', '--script', '+pjl-ready-message', '-p', `${served.port}`, '127.0.0.1'];
    const { stdout } = await promisify(execFile)('nmap', args);
    await served.close();
    expect(stdout).toContain('pjl-ready-message: "Ready"');
    expect(served.told('command')).toMatchObject([{ input: 'INFO STATUS' }]);
  },
);
