import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { telnet } from '../emulators/telnet.ts';
import { type Served, serve } from '../fixture.ts';
import { serveSsh } from '../ssh/fixture.ts';
import { debianPersona } from './fixture.ts';

const installed = (name: string) => {
  try {
    execFileSync('which', [name], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

interface Result {
  code: number | null;
  out: string;
  err: string;
}

function ssh({ port }: Served, secret: string, args: string[], input = ''): Promise<Result> {
  const options = {
    StrictHostKeyChecking: 'no',
    UserKnownHostsFile: '/dev/null',
    LogLevel: 'ERROR',
    PreferredAuthentications: 'password',
    NumberOfPasswordPrompts: '1',
    Port: String(port),
  };
  const flags = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  return new Promise((resolve, reject) => {
    const env = { ...process.env, TERM: 'xterm', LANG: 'C.UTF-8' };
    const child = spawn('sshpass', ['-p', secret, 'ssh', '-F', 'none', ...flags, ...args], {
      env,
      timeout: 30_000,
    });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
    child.stdin.on('error', () => {}).end(input);
  });
}

const has = installed('sshpass') && installed('ssh');
describe.skipIf(!has)('sessions of ssh (skipped where ssh and sshpass are not installed)', () => {
  let served: Served;
  const root = (command: string, secret = 'admin') => ssh(served, secret, ['root@127.0.0.1', command]);
  beforeAll(async () => {
    served = await serveSsh({ persona: debianPersona('sessions') });
    // The first tries may fail by design; afterwards the password works for this address.
    for (let i = 0; i < 3; i++) if ((await root('true')).code === 0) break;
  }, 60_000);
  afterAll(async () => {
    await served?.close();
    expect(served?.faults ?? []).toEqual([]);
  });

  it('answers by exec as Debian does', async () => {
    expect(await root('lockr -ia .ssh')).toEqual({
      code: 127,
      out: '',
      err: 'bash: line 1: lockr: command not found\n',
    });
    expect(await root('mkdir /sys/x')).toEqual({
      code: 1,
      out: '',
      err: 'mkdir: cannot create directory ‘/sys/x’: Operation not permitted\n',
    });
    expect(await root('sh -c "lockr"')).toEqual({ code: 127, out: '', err: 'sh: 1: lockr: not found\n' });
    expect(await root('ssh -V')).toMatchObject({
      err: 'OpenSSH_9.2p1 Debian-2+deb12u10, OpenSSL 3.0.19 27 Jan 2026\n',
    });
  }, 60_000);

  it('prompts as bash does at a terminal', async () => {
    const { out, code } = await ssh(
      served,
      'admin',
      ['-tt', 'root@127.0.0.1'],
      'lockr -ia .ssh\ncd /tm\t\npwd\nexit\n',
    );
    expect(code).toBe(0);
    const text = out.replaceAll('\r\n', '\n');
    expect(text).toContain(
      '\x1b[?2004hroot@host:~# lockr -ia .ssh\n\x1b[?2004l\r-bash: lockr: command not found\n',
    );
    expect(text).toContain('root@host:/tmp# pwd\n\x1b[?2004l\r/tmp\n');
    expect(text).toMatch(/Last login: /);
    expect(text.endsWith('logout\n')).toBe(true);
  }, 60_000);

  it('finds in the second connection what the first one left, and takes the password that it set', async () => {
    await root('echo kept > /tmp/f; useradd -m bob');
    expect((await root('cat /tmp/f; id -un bob')).out).toBe('kept\nbob\n');
    expect((await root('echo root:"345gs5662d34" | chpasswd')).code).toBe(0);
    expect((await root('true')).code).not.toBe(0);
    expect((await root('whoami', '345gs5662d34')).out).toBe('root\n');
    await root('echo bob:secret1 | chpasswd; echo root:admin | chpasswd', '345gs5662d34');
    expect((await ssh(served, 'secret1', ['bob@127.0.0.1', 'whoami; pwd'])).out).toBe('bob\n/home/bob\n');
  }, 60_000);
});

describe('a session of telnet', () => {
  it('takes the password that was set, and refuses the one before', async () => {
    const served = await serve(
      telnet,
      { failDelayMs: 0 },
      {
        persona: debianPersona('telnet'),
        sleep: (ms) => sleep(ms < 5_000 ? 1 : ms, undefined, { ref: false }),
      },
    );
    const talk = async (secret: string, lines: string[]): Promise<string> => {
      const socket = connect(served.port, '127.0.0.1');
      let text = '';
      socket.setEncoding('latin1').on('data', (more: string) => {
        text += more;
      });
      const closed = once(socket, 'close');
      socket.on('error', () => {});
      socket.write(`root\r\n${secret}\r\n${lines.map((line) => `${line}\r\n`).join('')}`);
      const timer = setTimeout(() => socket.end(), 3_000);
      if (!lines.length) socket.end();
      await closed;
      clearTimeout(timer);
      return text;
    };
    let first = '';
    for (let i = 0; i < 3 && !first.includes('changed-42'); i++)
      first = await talk('admin', ['echo root:newsecret | chpasswd', 'echo changed-$((40+2))', 'exit']);
    expect(first).toContain('Debian GNU/Linux 12\r\nhost login: ');
    expect(first).toContain('root@host:~# ');
    expect(first).toContain('changed-42');
    expect(await talk('admin', [])).not.toContain('root@host');
    expect(await talk('newsecret', ['echo in-$((1+1))', 'exit'])).toContain('in-2');
    await served.close();
    expect(served.faults).toEqual([]);
  }, 60_000);
});
