import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Served, serve } from '../fixture.ts';
import { Memory } from '../memory.ts';
import { createPersona } from '../personas.ts';
import { bodyOf, meet } from '../play.ts';
import { answerTo } from '../vnc/challenge.ts';
import { vnc } from './vnc.ts';

const run = promisify(execFile);
const has = (program: string) =>
  ['/usr/bin', '/usr/sbin', '/bin'].some((folder) => existsSync(`${folder}/${program}`));
const fails = 'password check failed!';

function known(seed: string): Memory {
  const memory = new Memory();
  memory.set('credentials', {
    tries: 1,
    wanted: 1,
    worked: { user: createPersona(seed).admin, secret: 'password' },
  });
  return memory;
}

async function enter(revision: string, secret: string) {
  const talk = meet(vnc, { memory: known('test') });
  expect(await talk.say('')).toBe('RFB 003.008\n');
  let answer = await talk.say(`RFB 003.${revision}\n`);
  if (Number(revision) >= 7) {
    expect(answer).toBe('\x01\x02');
    answer = await talk.say('\x02');
  } else {
    expect(answer.slice(0, 4)).toBe('\0\0\0\x02');
    answer = answer.slice(4);
  }
  return { talk, result: await talk.say(answerTo(Buffer.from(answer, 'latin1'), secret)), challenge: answer };
}

// RFC 6143 has no vector; this is DES's own (FIPS 81).
it('answers a challenge by DES with reversed bits', () => {
  const key = Buffer.from('0123456789abcdef', 'hex').map((byte) =>
    Number.parseInt(byte.toString(2).padStart(8, '0').split('').reverse().join(''), 2),
  );
  const text = Buffer.from('Now is the time ');
  expect(answerTo(text, Buffer.from(key).toString('latin1')).toString('hex', 0, 8)).toBe('3fa40e8a984d4815');
});

it.each([
  ['003', '\0\0\0\x01'],
  ['005', '\0\0\0\x01'],
  ['007', '\0\0\0\x01'],
  ['008', `\0\0\0\x01\0\0\0\x16${fails}`],
  ['889', `\0\0\0\x01\0\0\0\x16${fails}`],
])('refuses a client of RFB 3.%s', async (revision, result) => {
  const { talk, result: mine, challenge } = await enter(revision, 'kT9#xq');
  expect(mine).toBe(result);
  expect(talk.over).toBe(true);
  const login = talk.events.map(bodyOf).find(({ kind }) => kind === 'login')!;
  const hash = `$vnc$*${Buffer.from(challenge, 'latin1').toString('hex').toUpperCase()}*${answerTo(Buffer.from(challenge, 'latin1'), 'kT9#xq').toString('hex').toUpperCase()}`;
  expect(login).toMatchObject({ user: '', secret: hash, ok: false, detail: { hash, recovered: false } });
});

it('shows a login prompt after a login and tells what is typed and pasted', async () => {
  const { talk, result } = await enter('008', 'password');
  expect(result).toBe('\0\0\0\0');
  expect(await talk.say('\x01')).toMatch(/^\x04\0\x03\0[\s\S]*:0$/);
  const shown = await talk.say('\x02\0\0\x01\0\0\0\x02\x03\0\0\0\0\0\x04\0\x03\0');
  expect(shown.slice(0, 20)).toBe('\0\0\0\x01\0\0\0\0\x04\0\x03\0\0\0\0\x02\0\0\0\x04');
  expect(shown).toHaveLength(24 + 4 * 12);
  for (const key of ['\0\0\0\x69', '\0\0\0\x64', '\0\0\xff\x0d']) await talk.say(`\x04\x01\0\0${key}`);
  await talk.say('\x06\0\0\0\0\0\0\x04curl');
  await talk.leave();
  expect(talk.faults).toEqual([]);
  expect(talk.events.map(bodyOf).filter(({ kind }) => kind === 'command')).toEqual([
    { kind: 'command', input: 'id', detail: { typed: true, finished: true } },
    { kind: 'command', input: 'curl', detail: { pasted: true } },
  ]);
});

describe('real clients', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve(vnc);
  });
  afterAll(() => served.close());

  it.skipIf(!has('nmap'))('nmap names it VNC (skipped without nmap)', async () => {
    const { stdout } = await run('nmap', ['-Pn', '-sV', `-p${served.port}`, '127.0.0.1']);
    expect(stdout).toMatch(/open\s+vnc\s+VNC \(protocol 3\.8\)/);
  });

  it.skipIf(!has('vncsnapshot'))(
    'vncsnapshot logs in and takes the screen (skipped without vncsnapshot)',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'caltrop-vnc-'));
      // vncpasswd's file: the password sealed with the fixed key that all viewers share.
      const fixed = Buffer.from([23, 82, 107, 6, 35, 78, 88, 7]);
      const sealed = answerTo(
        Buffer.concat([Buffer.from('password'), Buffer.alloc(8)]),
        fixed.toString('latin1'),
      ).subarray(0, 8);
      writeFileSync(join(folder, 'passwd'), sealed);
      const args = [
        '-passwd',
        join(folder, 'passwd'),
        '-quiet',
        `127.0.0.1:${served.port - 5900}`,
        join(folder, 'x.jpg'),
      ];
      // The first to third plausible password gets in.
      for (let n = 0; n < 3 && !existsSync(join(folder, 'x.jpg')); n++)
        await run('vncsnapshot', args, { timeout: 20_000 }).catch(() => {});
      const taken = existsSync(join(folder, 'x.jpg'));
      rmSync(folder, { recursive: true });
      expect(taken).toBe(true);
      expect(served.faults).toEqual([]);
    },
  );

  it.skipIf(!has('hydra'))('hydra finds a password that works (skipped without hydra)', async () => {
    const other = await serve(vnc);
    const folder = mkdtempSync(join(tmpdir(), 'caltrop-vnc-'));
    writeFileSync(join(folder, 'list'), 'admin\npassword\n123456\n');
    const { stdout } = await run('hydra', [
      '-I',
      '-t1',
      '-P',
      join(folder, 'list'),
      '-s',
      String(other.port),
      '127.0.0.1',
      'vnc',
    ]).catch((error) => error);
    rmSync(folder, { recursive: true });
    await other.close();
    expect(stdout).toMatch(/\[vnc\] host: 127\.0\.0\.1 {3}password: /);
  });
});
