import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Served, serve } from '../fixture.ts';
import { Memory } from '../memory.ts';
import { createPersona } from '../personas.ts';
import { bodyOf, meet, play } from '../play.ts';
import { smtp } from './smtp.ts';

const run = promisify(execFile);
const has = (program: string) =>
  ['/usr/bin', '/usr/sbin', '/bin'].some((folder) => existsSync(`${folder}/${program}`));
const options = { hostname: 'mx.example.org', tls: false };

// The texts of Debian's smtpd 3.7.11, as its program holds them.
it.each([
  [
    ['EHLO x'],
    '250-mx.example.org\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-VRFY\r\n250-ETRN\r\n250-AUTH PLAIN LOGIN\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250-DSN\r\n250-SMTPUTF8\r\n250 CHUNKING\r\n',
  ],
  [['HELO x'], '250 mx.example.org\r\n'],
  [['EHLO'], '501 Syntax: EHLO hostname\r\n'],
  [['FOO'], '500 5.5.2 Error: command not recognized\r\n'],
  [[''], '500 5.5.2 Error: bad syntax\r\n'],
  [['VRFY root'], '252 2.0.0 root\r\n'],
  [['VRFY nope'], '550 5.1.1 <nope>: Recipient address rejected: User unknown in local recipient table\r\n'],
  [['GET / HTTP/1.0'], '221 2.7.0 Error: I can break rules, too. Goodbye.\r\n'],
  [['STARTTLS'], '502 5.5.1 Error: command not implemented\r\n'],
  [['AUTH LOGIN'], '503 5.5.1 Error: send HELO/EHLO first\r\n'],
  [['RCPT TO:<a@b>'], '503 5.5.1 Error: need MAIL command\r\n'],
  [['DATA'], '503 5.5.1 Error: need RCPT command\r\n'],
  [['MAIL FROM:<a@b>', 'RCPT TO:<c@d.example>'], '454 4.7.1 <c@d.example>: Relay access denied\r\n'],
  [['MAIL FROM:<a@b>', 'RCPT TO:<c@d.example>', 'DATA'], '554 5.5.1 Error: no valid recipients\r\n'],
  [['MAIL FROM:<a@b> SIZE=99999999'], '552 5.3.4 Message size exceeds fixed limit\r\n'],
  [['MAIL FROM:<a@b> FOO=1'], '555 5.5.4 Unsupported option: FOO=1\r\n'],
  [['QUIT'], '221 2.0.0 Bye\r\n'],
])('%j', async (lines, answer) => {
  const talk = meet(smtp, { options });
  expect(await talk.say('')).toBe('220 mx.example.org ESMTP Postfix (Debian/GNU)\r\n');
  let last = '';
  for (const line of lines) last = await talk.say(`${line}\r\n`);
  await talk.leave();
  expect(last).toBe(answer);
});

it('takes mail after a login, keeps it and delivers nothing', async () => {
  const memory = new Memory();
  memory.set('credentials', { tries: 1, wanted: 1, worked: { user: 'test', secret: 'test' } });
  const lines = await play(
    smtp,
    [
      'EHLO x',
      'AUTH LOGIN',
      'dGVzdA==',
      'dGVzdA==',
      'MAIL FROM:<a@b.example> BODY=8BITMIME',
      'RCPT TO:<c@d.example>',
      'DATA',
      'Subject: hi',
      '',
      '..dot',
      '.',
      'QUIT',
    ],
    { memory, options },
  );
  expect(lines).toContain('< 334 VXNlcm5hbWU6\\r\\n');
  expect(lines).toContain('! login {"user":"test","secret":"test","ok":true,"method":"LOGIN"}');
  expect(lines.filter((line) => /queued as [0-9A-F]{10}/.test(line))).toHaveLength(1);
  expect(lines.find((line) => line.startsWith('! upload'))).toMatch(
    /"size":21,"name":"[0-9A-F]{10}\.eml","detail":\{"from":"a@b.example","to":"c@d.example","recipients":1,"subject":"hi","declared":21,"whole":true\}/,
  );
});

it('is an open relay where told so, takes chunks, and bears with twenty errors', async () => {
  const talk = meet(smtp, { options: { openRelay: true } });
  await talk.say('EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<c@d.example>\r\n');
  expect(await talk.say('BDAT 5\r\nhello')).toBe('250 2.0.0 Ok: 5 bytes\r\n');
  expect(await talk.say('BDAT 2 LAST\r\n\r\n')).toMatch(
    /^250 2\.0\.0 Ok: 7 bytes queued as [0-9A-F]{10}\r\n$/,
  );
  expect([...talk.payloads.values()].map(String)).toEqual(['hello\r\n']);
  for (let n = 0; n < 20; n++) await talk.say('X\r\n');
  expect(await talk.say('X\r\n')).toMatch(/^421 4\.7\.0 \S+ Error: too many errors\r\n$/);
  expect(talk.over).toBe(true);
  expect(talk.events.map(bodyOf).filter(({ kind }) => kind === 'upload')).toHaveLength(1);
});

describe('real clients', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve(smtp, { ...options, openRelay: true });
  });
  afterAll(() => served.close());

  it.skipIf(!has('swaks'))('swaks sends a message (skipped without swaks)', async () => {
    const { stdout } = await run('swaks', [
      '--server',
      '127.0.0.1',
      '--port',
      String(served.port),
      '--from',
      'a@b.example',
      '--to',
      'c@d.example',
      '--body',
      'hello',
    ]);
    expect(stdout).toContain('<-  250 2.0.0 Ok: queued as ');
    expect([...served.payloads.values()].map(String).join()).toContain('hello');
  });

  it('curl logs in', async () => {
    const { stderr } = await run('curl', [
      '-sv',
      '--url',
      `smtp://127.0.0.1:${served.port}`,
      '-u',
      'nobody1:x y',
      '-X',
      'NOOP',
    ]).catch((error) => error);
    expect(stderr).toContain('535 5.7.8 Error: authentication failed: authentication failure');
    expect(served.events.find(({ kind }) => kind === 'login')).toMatchObject({
      user: 'nobody1',
      secret: 'x y',
      ok: false,
      method: 'PLAIN',
    });
  });

  it.skipIf(!has('nmap'))('nmap names it Postfix (skipped without nmap)', async () => {
    const { stdout } = await run('nmap', ['-Pn', '-sV', `-p${served.port}`, '127.0.0.1']);
    expect(stdout).toMatch(/open\s+smtp\s+Postfix smtpd/);
  });
});

it('goes on over TLS where asked to: credentials are captured, the client is told, and all must be said anew', async () => {
  const served = await serve(
    smtp,
    { hostname: 'mx.example.org' },
    { kind: 'mail-server', sleep: async () => {} },
  );
  try {
    const socket = connect({ port: served.port, host: '127.0.0.1' });
    const reader = (from: Socket) => {
      let heard = '';
      return async (says: string, until: RegExp) => {
        if (says) from.write(says);
        while (!until.test(heard)) heard += ((await once(from, 'data')) as [Buffer])[0].toString('latin1');
        const all = heard;
        heard = '';
        return all;
      };
    };
    const plain = reader(socket);
    await plain('', /\n/);
    expect(await plain('STARTTLS x\r\n', /\n/)).toBe('501 5.5.4 Syntax: STARTTLS\r\n');
    expect(await plain('EHLO x\r\n', /250 CHUNKING\r\n/)).toContain(
      '250-ETRN\r\n250-STARTTLS\r\n250-AUTH PLAIN LOGIN\r\n',
    );
    expect(await plain('STARTTLS\r\n', /\n/)).toBe('220 2.0.0 Ready to start TLS\r\n');
    socket.removeAllListeners('data');
    const secure = connectTls({ socket, rejectUnauthorized: false });
    await once(secure, 'secureConnect');
    const { hostname, domain } = createPersona('lab', 'mail-server');
    expect(secure.getPeerCertificate().subject.CN).toBe(`${hostname}.${domain}`);
    const talk = reader(secure);
    expect(await talk('AUTH PLAIN AHJvb3QAc2VjcmV0\r\n', /\n/)).toContain(
      '503 5.5.1 Error: send HELO/EHLO first',
    );
    expect(await talk('EHLO x\r\n', /250 CHUNKING\r\n/)).not.toContain('STARTTLS');
    expect(await talk('STARTTLS\r\n', /\n/)).toBe('554 5.5.1 Error: TLS already active\r\n');
    await talk('AUTH PLAIN AHJvb3QAc2VjcmV0\r\n', /\n/);
    secure.destroy();
    expect(served.told('login')).toMatchObject([{ user: 'root', secret: 'secret', method: 'PLAIN' }]);
    expect(served.told('fingerprint').map(({ method }) => method)).toEqual(
      expect.arrayContaining(['ja3', 'ja4']),
    );
    expect(served.faults).toEqual([]);
  } finally {
    await served.close();
  }
});
