import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transcript } from '../../../test/transcripts/transcript.ts';
import { type Served, serve } from '../fixture.ts';
import { Memory } from '../memory.ts';
import { bodyOf, meet, play } from '../play.ts';
import { ftp } from './ftp.ts';

const run = promisify(execFile);
const has = (program: string) =>
  ['/usr/bin', '/usr/sbin', '/bin'].some((folder) => existsSync(`${folder}/${program}`));

it('answers every recorded line byte by byte as vsftpd 3.0.3', async () => {
  const talk = meet(ftp);
  const wrong: string[] = [];
  let greeting = await talk.say('');
  for (const { say, answer } of transcript('ftp/anonymous.txt')) {
    let mine = (say ? await talk.say(say) : greeting).replace(
      'Connected to 192.0.2.7',
      'Connected to 127.0.0.1',
    );
    greeting = '';
    if (say.startsWith('QUIT')) mine += await talk.leave();
    if (mine !== answer)
      wrong.push(`${say}\n  mine ${JSON.stringify(mine)}\n  real ${JSON.stringify(answer)}`);
  }
  expect(talk.faults).toEqual([]);
  expect(wrong.join('\n')).toBe('');
});

it('tells logins, and where it was asked to bounce to', async () => {
  const memory = new Memory();
  memory.set('credentials', { tries: 1, wanted: 1, worked: { user: 'root', secret: 'toor' } });
  const lines = await play(
    ftp,
    [
      'USER root',
      'PASS toor',
      'PWD',
      'PORT 198,51,100,9,0,25',
      'PORT 192,0,2,7,200,1',
      'STOR x.php',
      'SITE EXEC id',
      'QUIT',
    ],
    { memory },
  );
  expect(lines.filter((line) => !line.startsWith('! command'))).toEqual([
    '< 220 (vsFTPd 3.0.3)\\r\\n',
    '> USER root',
    '< 331 Please specify the password.\\r\\n',
    '> PASS toor',
    '< 230 Login successful.\\r\\n',
    '! login {"user":"root","secret":"toor","ok":true}',
    '> PWD',
    '< 257 "/root" is the current directory\\r\\n',
    '> PORT 198,51,100,9,0,25',
    '< 500 Illegal PORT command.\\r\\n',
    '! forward {"host":"198.51.100.9","port":25,"detail":{"command":"PORT"}}',
    '> PORT 192,0,2,7,200,1',
    '< 200 PORT command successful. Consider using PASV.\\r\\n',
    '! forward {"host":"192.0.2.7","port":51201,"detail":{"command":"PORT"}}',
    '> STOR x.php',
    '< 425 Failed to establish connection.\\r\\n',
    '> SITE EXEC id',
    '< 500 Unknown SITE command.\\r\\n',
    '> QUIT',
    '< 221 Goodbye.\\r\\n',
  ]);
});

it('hangs up after three failures', async () => {
  const talk = meet(ftp);
  for (let n = 0; n < 3; n++) await talk.say('USER nobodyhere\r\nPASS x\r\n');
  expect(talk.over).toBe(true);
  expect(talk.events.map(bodyOf).filter(({ kind }) => kind === 'login')).toHaveLength(3);
});

describe('real clients', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve(ftp);
  });
  afterAll(() => served.close());

  it('curl logs in and asks', async () => {
    const { stderr } = await run('curl', [
      '-sv',
      '-Q',
      'SYST',
      '-Q',
      '-NOOP',
      '--head',
      '--connect-timeout',
      '2',
      `ftp://127.0.0.1:${served.port}/`,
    ]).catch((error) => error);
    expect(stderr).toContain('< 230 Login successful.');
    expect(stderr).toContain('< 215 UNIX Type: L8');
    expect(served.events.find(({ kind }) => kind === 'login')).toMatchObject({
      user: 'anonymous',
      secret: 'ftp@example.com',
      ok: true,
    });
  });

  it.skipIf(!has('nmap'))('nmap names it vsftpd (skipped without nmap)', async () => {
    const { stdout } = await run('nmap', ['-Pn', '-sV', `-p${served.port}`, '127.0.0.1']);
    expect(stdout).toMatch(/open\s+ftp\s+vsftpd 3\.0\.3/);
  });

  it.skipIf(!has('hydra'))('hydra finds the pair that works (skipped without hydra)', async () => {
    const other = await serve(ftp, { anonymous: false });
    const { stdout } = await run('hydra', [
      '-I',
      '-t1',
      '-l',
      'root',
      '-p',
      '123456',
      '-e',
      'sr',
      '-s',
      String(other.port),
      '127.0.0.1',
      'ftp',
    ]).catch((error) => error);
    await other.close();
    expect(stdout).toMatch(/host: 127\.0\.0\.1 {3}login: root/);
  });
});

it('goes on over TLS where it is set up: the texts of vsftpd 3.0.3, credentials captured, the client told', async () => {
  const served = await serve(
    ftp,
    { tls: true, anonymous: false },
    { kind: 'ubuntu20-web', sleep: async () => {} },
  );
  try {
    const socket = connect({ port: served.port, host: '127.0.0.1' });
    const talk = (from: Socket) => async (line: string) => {
      if (line) from.write(`${line}\r\n`);
      return ((await once(from, 'data')) as [Buffer])[0].toString('latin1');
    };
    const plain = talk(socket);
    expect(await plain('')).toBe('220 (vsFTPd 3.0.3)\r\n');
    expect(await plain('FEAT')).toContain(
      ' AUTH TLS\r\n EPRT\r\n EPSV\r\n MDTM\r\n PASV\r\n PBSZ\r\n PROT\r\n REST',
    );
    expect(await plain('PBSZ 0')).toBe('503 PBSZ needs a secure connection.\r\n');
    expect(await plain('AUTH FOO')).toBe('504 Unknown AUTH type.\r\n');
    expect(await plain('AUTH TLS')).toBe('234 Proceed with negotiation.\r\n');
    socket.removeAllListeners('data');
    const secure = connectTls({ socket, rejectUnauthorized: false });
    await once(secure, 'secureConnect');
    const inside = talk(secure);
    expect(await inside('PBSZ 10')).toBe('200 PBSZ set to 0.\r\n');
    expect(await inside('PROT P')).toBe('200 PROT now Private.\r\n');
    expect(await inside('USER root')).toBe('331 Please specify the password.\r\n');
    secure.write('PASS toor\r\n');
    await once(secure, 'data');
    secure.destroy();
    expect(served.told('login')).toMatchObject([{ user: 'root', secret: 'toor' }]);
    expect(served.told('fingerprint').map(({ method }) => method)).toEqual(['ja3', 'ja4']);
    expect(served.faults).toEqual([]);
  } finally {
    await served.close();
  }
});
