import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Served, serve } from '../fixture.ts';
import { meet, post } from '../play.ts';
import { sip } from './sip.ts';

const run = promisify(execFile);
const md5 = (text: string) => createHash('md5').update(text).digest('hex');

const request = (method: string, ...more: string[]) =>
  [
    `${method} sip:100@198.51.100.1 SIP/2.0`,
    'Via: SIP/2.0/UDP 192.0.2.7:40000;branch=z9hG4bK-1;rport',
    'Max-Forwards: 70',
    'From: "scan"<sip:100@198.51.100.1>;tag=1',
    'To: "scan"<sip:100@198.51.100.1>',
    'Call-ID: 1@x',
    `CSeq: 1 ${method}`,
    'Contact: <sip:100@192.0.2.7:40000>',
    'User-Agent: friendly-scanner',
    ...more,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');

it('answers OPTIONS with what there is room for', () => {
  const talk = post(sip);
  const question = request('OPTIONS', `Accept: ${'application/sdp, '.repeat(20)}`);
  const answer = talk.say(question)!.toString('latin1');
  expect(answer).toMatch(
    /^SIP\/2\.0 200 OK\r\nVia: SIP\/2\.0\/UDP 192\.0\.2\.7:40000;branch=z9hG4bK-1;received=192\.0\.2\.7;rport=40000\r\nFrom: [^\r]+\r\nTo: [^\r]+;tag=as[0-9a-f]{8}\r\nCall-ID: 1@x\r\nCSeq: 1 OPTIONS\r\nServer: (?:Asterisk PBX |FPBX-)/,
  );
  const short = request('OPTIONS');
  const less = talk.say(short)!.toString('latin1');
  expect(less.length).toBeLessThanOrEqual(short.length);
  expect(less).toMatch(/^SIP\/2\.0 200 OK\r\n/);
  expect(less).not.toContain('Allow:');
  expect(talk.told('fingerprint')).toMatchObject([{ software: 'friendly-scanner' }]);
  expect(talk.told('command')).toMatchObject(Array(2).fill({ input: 'OPTIONS sip:100@198.51.100.1' }));
});

it('takes logins by digest over TCP, and tells what was guessed', async () => {
  const talk = meet(sip);
  const challenge = await talk.say(request('REGISTER'));
  expect(challenge).toMatch(/^SIP\/2\.0 401 Unauthorized\r\n/);
  const nonce = /nonce="(\w+)"/.exec(challenge)![1]!;
  const attempt = (secret: string, realm = 'asterisk') => {
    const uri = 'sip:198.51.100.1';
    const answer = md5(`${md5(`admin:${realm}:${secret}`)}:${nonce}:${md5(`REGISTER:${uri}`)}`);
    return talk.say(
      request(
        'REGISTER',
        `Authorization: Digest username="admin", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${answer}", algorithm=MD5`,
      ),
    );
  };
  expect(await attempt('kT9#xq')).toMatch(/^SIP\/2\.0 403 Forbidden\r\n/);
  let said = '';
  for (let n = 0; n < 3 && !said.startsWith('SIP/2.0 200'); n++) said = await attempt('admin');
  expect(said).toContain('\r\nContact: <sip:100@192.0.2.7:40000>;expires=120\r\n');
  await talk.leave();
  const logins = talk.events.filter((event) => event.kind === 'login');
  expect(logins[0]).toMatchObject({ user: 'admin', ok: false, method: 'sip-digest' });
  expect(logins[0]!.kind === 'login' && logins[0]!.secret).toMatch(
    /^\$sip\$\*198\.51\.100\.1\*192\.0\.2\.7\*admin\*asterisk\*REGISTER\*sip\*/,
  );
  expect(logins.at(-1)).toMatchObject({ secret: 'admin', ok: true });
  expect(talk.faults).toEqual([]);
});

it('makes no call, and answers no answer', () => {
  const talk = post(sip);
  expect(talk.say(request('INVITE', `X: ${'x'.repeat(90)}`))!.toString('latin1')).toMatch(/^SIP\/2\.0 401 /);
  expect(talk.say(request('ACK'))).toBe(null);
  expect(talk.say('SIP/2.0 200 OK\r\nVia: x\r\n\r\n')).toBe(null);
  expect(talk.say('\r\n\r\n')).toBe(null);
  expect(talk.say(request('BREW'))!.toString('latin1')).toMatch(/^SIP\/2\.0 501 /);
  expect(talk.say(request('BYE'))!.toString('latin1')).toMatch(/^SIP\/2\.0 481 /);
});

describe('real clients', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve(sip);
  });
  afterAll(() => served.close());

  it.skipIf(!existsSync('/usr/bin/sipsak'))('sipsak gets an answer (skipped without sipsak)', async () => {
    const { stdout } = await run('sipsak', ['-vv', '-s', `sip:100@127.0.0.1:${served.udpPort}`]);
    expect(stdout).toContain('SIP/2.0 200 OK');
    expect(served.told('fingerprint')).toMatchObject([{ software: expect.stringMatching(/^sipsak/) }]);
    expect(served.faults).toEqual([]);
  });
});
