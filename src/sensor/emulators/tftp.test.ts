import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { serve } from '../fixture.ts';
import { post } from '../play.ts';
import { tftp } from './tftp.ts';

const sha256 = (text: string) => createHash('sha256').update(text, 'latin1').digest('hex');

it('has no file to give', () => {
  const talk = post(tftp);
  expect(talk.say('\0\x01running-config\0octet\0')!.toString('latin1')).toBe('\0\x05\0\x01File not found\0');
  // The reason is cut where the question is shorter.
  expect(talk.say('\0\x01a\0octet\0')!.toString('latin1')).toBe('\0\x05\0\x01File \0');
  expect(talk.told('command').map(({ input }) => input)).toEqual(['RRQ running-config octet', 'RRQ a octet']);
});

it('takes a file in blocks, one that comes twice once', () => {
  const talk = post(tftp);
  const full = 'x'.repeat(512);
  expect(talk.say('\0\x02bin.sh\0octet\0tsize\x005\0')!.toString('hex')).toBe('00040000');
  expect(talk.say(`\0\x03\0\x01${full}`)!.toString('hex')).toBe('00040001');
  expect(talk.say(`\0\x03\0\x01${full}`)!.toString('hex')).toBe('00040001');
  expect(talk.say('\0\x03\0\x09late')).toBe(null);
  expect(talk.say('\0\x03\0\x02end')!.toString('hex')).toBe('00040002');
  talk.settle();
  expect(talk.told('upload')).toEqual([
    {
      kind: 'upload',
      name: 'bin.sh',
      size: 515,
      sha256: sha256(`${full}end`),
      detail: { whole: true, kept: 515 },
    },
  ]);
  expect(talk.told('command')).toMatchObject([{ detail: { options: 'tsize 5' } }]);
});

it('keeps what came of a file that broke off, and no more than its limit', () => {
  const talk = post(tftp, { limits: { datagramSessionBytes: 1_024 } });
  talk.say('\0\x02a\0octet\0');
  for (let block = 1; block <= 3; block++)
    expect(talk.say(`\0\x03\0${String.fromCharCode(block)}${'y'.repeat(512)}`)![3]).toBe(block);
  talk.settle();
  expect(talk.told('upload')).toMatchObject([
    { size: 1_536, sha256: sha256('y'.repeat(1_024)), detail: { whole: false, kept: 1_024 } },
  ]);
  expect(talk.told('data')).toEqual([]);
});

it.skipIf(!existsSync('/usr/bin/tftp'))('tftp brings a file (skipped without tftp-hpa)', async () => {
  const served = await serve(tftp);
  const folder = mkdtempSync(join(tmpdir(), 'caltrop-tftp-'));
  const file = join(folder, 'x.sh');
  writeFileSync(file, 'echo '.repeat(500));
  const client = spawn('/usr/bin/tftp', ['-4', '127.0.0.1', `${served.udpPort}`, '-m', 'octet']);
  client.stdin.end(`put ${file} x.sh\nget y.sh ${join(folder, 'y')}\nquit\n`);
  let said = '';
  client.stdout.on('data', (piece) => {
    said += piece;
  });
  client.stderr.on('data', (piece) => {
    said += piece;
  });
  await once(client, 'close');
  rmSync(folder, { recursive: true });
  await served.close();
  expect(said).toContain('File not');
  expect(served.told('upload')).toMatchObject([
    { name: 'x.sh', size: 2_500, sha256: sha256('echo '.repeat(500)) },
  ]);
  expect(served.faults).toEqual([]);
});
