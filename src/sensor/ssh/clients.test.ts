import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseEvent } from '../../model/event.ts';
import type { Served } from '../fixture.ts';
import { type ServeOptions, serveSsh } from './fixture.ts';

const installed = (name: string) => {
  try {
    execFileSync('which', [name], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const hasSsh = ['ssh', 'sftp', 'scp', 'ssh-keygen', 'ssh-keyscan'].every(installed);

const folder = mkdtempSync(join(tmpdir(), 'caltrop-ssh-'));
chmodSync(folder, 0o700);
const askpass = join(folder, 'askpass');
writeFileSync(askpass, '#!/bin/sh\necho admin\n', { mode: 0o700 });
const open: Served[] = [];
const serve = async (options: ServeOptions) => {
  const served = await serveSsh(options);
  open.push(served);
  // The first tries may fail by design; afterwards the password works for this address.
  for (let i = 0; i < 2; i++) await run('ssh', [...flags(served), 'root@127.0.0.1', 'true']);
  return served;
};
afterAll(async () => {
  for (const served of open) {
    await served.close();
    expect(served.faults).toEqual([]);
    for (const event of served.events) parseEvent(event);
  }
  rmSync(folder, { recursive: true });
});

function flags({ port }: Served, ...more: string[]): string[] {
  const options = {
    StrictHostKeyChecking: 'no',
    UserKnownHostsFile: '/dev/null',
    LogLevel: 'ERROR',
    PreferredAuthentications: 'password',
    Port: String(port),
    ...Object.fromEntries(more.map((pair) => pair.split('=') as [string, string])),
  };
  return ['-F', 'none', ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`])];
}

interface Result {
  code: number | null;
  out: string;
  err: string;
}

function run(command: string, args: string[], input: string | Buffer = ''): Promise<Result> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force', LANG: 'C.UTF-8' };
    const child = spawn(command, args, { env, timeout: 30_000 });
    let out = '';
    let err = '';
    child.stdout.setEncoding('latin1').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('latin1').on('data', (text: string) => {
      err += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
    child.stdin.on('error', () => {}).end(input);
  });
}

/** Runs the same with each of these, a few at once. */
async function each(names: string[], work: (name: string) => Promise<void>): Promise<void> {
  const queue = [...names];
  const worker = async () => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) await work(name);
  };
  await Promise.all([worker(), worker(), worker()]);
}

describe.skipIf(!hasSsh)('clients of OpenSSH (skipped where they are not installed)', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve({ product: 'openssh-9.2p1-debian12' });
  });
  const exec = async (command: string, more: string[] = [], input: string | Buffer = '') =>
    run('ssh', [...flags(served, ...more), 'root@127.0.0.1', command], input);

  it('proves its other keys to a client that learns them', async () => {
    const known = join(folder, 'learnt');
    const learn = [
      `UserKnownHostsFile=${known}`,
      'StrictHostKeyChecking=accept-new',
      'UpdateHostKeys=yes',
      'HostKeyAlgorithms=ssh-ed25519,rsa-sha2-512,ecdsa-sha2-nistp256',
      'LogLevel=INFO',
    ];
    // Only a host that is known already is believed.
    await exec('echo ok', learn);
    const { out } = await exec('echo ok', learn);
    expect(out).toBe('ok\n');
    const types = readFileSync(known, 'utf8').match(/ssh-rsa|ecdsa-sha2-nistp256|ssh-ed25519/g);
    expect(types?.sort()).toEqual(['ecdsa-sha2-nistp256', 'ssh-ed25519', 'ssh-rsa']);
  });

  it.each([
    [
      'KexAlgorithms',
      'sntrup761x25519-sha512@openssh.com curve25519-sha256 ecdh-sha2-nistp256 ecdh-sha2-nistp384 ecdh-sha2-nistp521 diffie-hellman-group-exchange-sha256 diffie-hellman-group14-sha256 diffie-hellman-group16-sha512 diffie-hellman-group18-sha512',
    ],
    ['HostKeyAlgorithms', 'rsa-sha2-512 rsa-sha2-256 ecdsa-sha2-nistp256 ssh-ed25519'],
    [
      'Ciphers',
      'chacha20-poly1305@openssh.com aes128-ctr aes192-ctr aes256-ctr aes128-gcm@openssh.com aes256-gcm@openssh.com',
    ],
  ])('speaks every method of %s', async (option, names) => {
    await each(names.split(' '), async (name) => {
      const { out, err } = await exec('echo ok', [`${option}=${name}`]);
      expect({ name, out, err }).toEqual({ name, out: 'ok\n', err: '' });
    });
  });

  it('speaks every MAC, on small packets and on large ones', async () => {
    const { out } = await run('ssh', ['-Q', 'mac']);
    const names = out.split('\n').filter((name) => name && !/md5|-96/.test(name));
    expect(names.length).toBe(10);
    const large = 'x'.repeat(70_000);
    await each(names, async (name) => {
      const got = await exec('cat', ['Ciphers=aes128-ctr', `MACs=${name}`], large);
      expect({ name, size: got.out.length, err: got.err }).toEqual({ name, size: large.length, err: '' });
    });
  });

  it('compresses, and asks for new keys again and again in both directions', async () => {
    const text = Buffer.from(Array.from({ length: 120_000 }, (_, i) => (i * 2_654_435_761) >>> 24));
    const eager = await serve({ product: 'openssh-9.2p1-debian12', rekeyBytes: 20_000 });
    for (const more of [['RekeyLimit=16K'], ['Compression=yes'], ['Compression=yes', 'RekeyLimit=16K']]) {
      for (const server of [served, eager]) {
        const got = await run('ssh', [...flags(server, ...more), 'root@127.0.0.1', 'cat'], text);
        expect(got.err).toBe('');
        expect(got.out === text.toString('latin1')).toBe(true);
      }
    }
  });

  it('gives exit codes, standard error apart, and the shell reads a script', async () => {
    expect((await exec('exit 3')).code).toBe(3);
    expect(await exec('lockr -ia .ssh')).toMatchObject({ code: 127, out: '', err: 'sh: lockr: not found\n' });
    const script = await run(
      'ssh',
      [...flags(served), '-T', 'root@127.0.0.1'],
      'echo one\ncd /tmp\npwd\nexit 4\n',
    );
    expect(script).toMatchObject({ code: 4 });
    expect(script.out).toMatch(/one\n\/tmp\n$/);
  });

  it('has a terminal with echo and a prompt', async () => {
    const { code, out } = await run('ssh', [...flags(served), '-tt', 'root@127.0.0.1'], 'echo hi\rexit 5\r');
    expect(code).toBe(5);
    expect(out).toContain('~ # echo hi\r\nhi\r\n~ # exit 5\r\n');
  });

  it('keeps what comes by SFTP and SCP, and gives it back on the next connection', async () => {
    const local = join(folder, 'local');
    const content = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 40_503) >>> 8));
    writeFileSync(local, content);
    const batch = join(folder, 'batch');
    writeFileSync(
      batch,
      `put ${local} /tmp/by-sftp\nmkdir /tmp/dir\nrename /tmp/by-sftp /tmp/dir/moved\nchmod 700 /tmp/dir/moved\nls -l /tmp/dir\ndf /tmp\n`,
    );
    const sftp = await run('sftp', [...flags(served, 'BatchMode=no'), '-b', batch, 'root@127.0.0.1']);
    expect(sftp.code).toBe(0);
    expect(sftp.out).toMatch(/-rwx------ +\? root +root +300000 /);
    const upload = await run('scp', [...flags(served), '-O', local, 'root@127.0.0.1:/tmp/by-scp']);
    expect(upload.code).toBe(0);
    for (const [name, more] of [
      ['dir/moved', []],
      ['by-scp', ['-O']],
    ] as const) {
      const back = join(folder, 'back');
      const got = await run('scp', [...flags(served), ...more, `root@127.0.0.1:/tmp/${name}`, back]);
      expect(got).toMatchObject({ code: 0, err: '' });
      expect(readFileSync(back).equals(content)).toBe(true);
    }
    const uploads = served.events.filter((event) => event.kind === 'upload' && event.size === content.length);
    expect(uploads.map(({ kind, ...rest }) => 'name' in rest && rest.name)).toEqual([
      '/tmp/by-sftp',
      '/tmp/by-scp',
    ]);
    const tree = join(folder, 'tree');
    mkdirSync(join(tree, 'inner'), { recursive: true });
    writeFileSync(join(tree, 'inner/file'), 'x');
    expect((await run('scp', [...flags(served), '-O', '-r', tree, 'root@127.0.0.1:/tmp'])).code).toBe(0);
    expect(
      (await run('scp', [...flags(served), '-O', '-r', 'root@127.0.0.1:/tmp/tree', join(folder, 'twin')]))
        .code,
    ).toBe(0);
    expect(readdirSync(join(folder, 'twin/inner'))).toEqual(['file']);
  });

  it('lets a key in that the attacker put among the authorised ones, and no other', async () => {
    for (const type of ['ed25519', 'rsa', 'ecdsa']) {
      const key = join(folder, type);
      await run('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', key]);
      const only = ['PreferredAuthentications=publickey', 'IdentitiesOnly=yes', `IdentityFile=${key}`];
      const before = await exec('echo in', only);
      expect(before.err).toContain('Permission denied (publickey,password).');
      await exec('mkdir -p ~/.ssh; cat >> ~/.ssh/authorized_keys', [], readFileSync(`${key}.pub`));
      expect((await exec('echo in', only)).out).toBe('in\n');
    }
    const keys = served.events.flatMap((event) =>
      event.kind === 'fingerprint' && event.method === 'ssh-key' ? [event.value] : [],
    );
    expect(new Set(keys).size).toBe(3);
  });

  it('hears what is to be forwarded and connects nowhere', async () => {
    const port = 20_000 + (process.pid % 20_000);
    const client = spawn(
      'ssh',
      [
        ...flags(served),
        '-N',
        '-L',
        `127.0.0.1:${port}:mail.example:25`,
        '-R',
        '0:localhost:22',
        'root@127.0.0.1',
      ],
      {
        env: { ...process.env, SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force' },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    const until = async (found: () => boolean) => {
      for (let i = 0; i < 200 && !found(); i++) await new Promise((resolve) => setTimeout(resolve, 50));
      expect(found()).toBe(true);
    };
    const forwards = () => served.events.filter(({ kind }) => kind === 'forward');
    await until(() => forwards().length === 1);
    expect(forwards()[0]).toMatchObject({ host: 'localhost', port: 0, detail: { reverse: true } });
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {}).end('EHLO me\r\n');
    await until(() => served.events.some((event) => event.kind === 'data' && event.raw === 'EHLO me\r\n'));
    expect(forwards()[1]).toMatchObject({ host: 'mail.example', port: 25 });
    client.kill();
  });

  it('ends the connection at the sixth failure', async () => {
    const strict = await serveSsh({ product: 'openssh-9.2p1-debian12', seed: 'failures' });
    open.push(strict);
    const got = await run('ssh', [
      ...flags(strict, 'NumberOfPasswordPrompts=9'),
      'nosuchuser@127.0.0.1',
      'true',
    ]);
    expect(got.err).toContain('Received disconnect from 127.0.0.1 port');
    expect(got.err).toContain(':2: Too many authentication failures');
    const logins = strict.events.filter(({ kind }) => kind === 'login');
    expect(logins.length).toBe(6);
  });

  it('has three host keys, the same at each start and others for another seed', async () => {
    const scan = async (seed: string) => {
      const one = await serveSsh({ product: 'openssh-9.2p1-debian12', seed });
      open.push(one);
      const { out } = await run('ssh-keyscan', ['-p', String(one.port), '127.0.0.1']);
      return out
        .split('\n')
        .filter((line) => line && !line.startsWith('#'))
        .map((line) => line.replace(/^\S+ /, ''))
        .sort();
    };
    const [first, again, other] = [await scan('one'), await scan('one'), await scan('two')];
    expect(first.map((line) => line.split(' ')[0])).toEqual([
      'ecdsa-sha2-nistp256',
      'ssh-ed25519',
      'ssh-rsa',
    ]);
    expect(again).toEqual(first);
    expect(other.filter((line) => first.includes(line))).toEqual([]);
  });

  it.each(['openssh-8.9p1-ubuntu22.04', 'openssh-8.2p1-ubuntu20.04', 'dropbear-2022.83'])(
    'speaks as %s too',
    async (product) => {
      const other = await serve({ product });
      const got = await run(
        'ssh',
        [...flags(other, 'Compression=yes'), 'root@127.0.0.1', 'cat; exit 6'],
        'x'.repeat(50_000),
      );
      expect(got).toMatchObject({ code: 6, err: '' });
      expect(got.out.length).toBe(50_000);
    },
  );

  it.skipIf(!installed('nmap'))('is what nmap says it is (skipped without nmap)', async () => {
    const { out } = await run('nmap', ['-Pn', '-sV', '-p', String(served.port), '127.0.0.1']);
    expect(out).toContain('OpenSSH 9.2p1 Debian 2+deb12u10 (protocol 2.0)');
  });
});
