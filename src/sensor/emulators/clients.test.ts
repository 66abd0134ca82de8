import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { absent, named, run } from '../../../test/setup/clients.ts';
import { type Served, serve } from '../fixture.ts';
import { adb } from './adb.ts';
import { docker } from './docker.ts';
import { https } from './https.ts';
import { rdp } from './rdp.ts';
import { smb } from './smb.ts';

describe('docker', () => {
  let live: Served;
  beforeAll(async () => {
    live = await serve(docker);
  });
  afterAll(() => live.close());
  const client = (...args: string[]) => run('docker', ['-H', `tcp://127.0.0.1:${live.port}`, ...args]);

  it.skipIf(absent('docker'))(
    'run pulls, runs and removes a container (needs the docker client)',
    async () => {
      expect(await client('version', '--format', '{{.Server.Version}}')).toMatch(/^20\.10\.\d+\n$/);
      const ran = await client(
        'run',
        '--rm',
        '--privileged',
        '-v',
        '/:/mnt',
        'alpine',
        'sh',
        '-c',
        'echo $((6*7)); id',
      );
      expect(ran).toMatch(/42\nuid=0\(root\)/);
      expect(await client('ps', '-a', '--format', '{{.Image}} {{.State}}')).toBe(
        'postgres:13-alpine running\n',
      );
      expect(live.told('download')).toMatchObject([{ url: 'docker://docker.io/library/alpine:latest' }]);
      expect(live.told('fingerprint')[0]).toMatchObject({ method: 'docker-client' });
      expect(await client('exec', 'x', 'id')).toMatch(/No such container: x/);
      expect(live.faults).toEqual([]);
    },
  );

  it.skipIf(absent('nmap'))('nmap names it (needs nmap)', async () => {
    const shown = await run('nmap', [
      '-sV',
      '-Pn',
      '-n',
      '--version-light',
      '-p',
      `${live.port}`,
      '127.0.0.1',
    ]);
    expect(shown).toMatch(/open\s+docker\s+Docker remote API 20\.10\.\d+ \(API 1\.41\)/);
  });
});

describe('adb', () => {
  it.skipIf(absent('adb'))('runs commands and pushes a file (needs adb)', async () => {
    const live = await serve(adb);
    const folder = mkdtempSync(join(tmpdir(), 'caltrop-adb-'));
    // A server of its own, on a socket of its own, that leaves no key behind.
    const server = `localfilesystem:${folder}/socket`;
    const client = (...args: string[]) => run('adb', ['-L', server, ...args], '', { HOME: folder });
    try {
      writeFileSync(join(folder, 'x.sh'), 'echo pushed\n');
      const serial = `127.0.0.1:${live.port}`;
      expect(await client('connect', serial)).toContain(`connected to ${serial}`);
      expect(await client('-s', serial, 'shell', 'echo $((6*7)); getprop ro.build.version.release')).toMatch(
        /42\r?\n7\.1\.2/,
      );
      expect(await client('-s', serial, 'push', join(folder, 'x.sh'), '/data/local/tmp/')).toContain(
        '1 file pushed',
      );
      expect(await client('-s', serial, 'shell', 'sh /data/local/tmp/x.sh; exit 3')).toContain('pushed');
      expect(live.told('upload')[0]).toMatchObject({ name: '/data/local/tmp/x.sh', size: 12 });
      expect(live.faults).toEqual([]);
    } finally {
      await client('kill-server');
      await live.close();
      rmSync(folder, { recursive: true });
    }
  });

  it.skipIf(absent('nmap'))('nmap names it (needs nmap)', async () => {
    const live = await serve(adb);
    const shown = await named(live.port, 'adbConnect');
    await live.close();
    expect(shown).toMatch(/open\s+adb\s+Android Debug Bridge device .*shell_v2/);
  });
});

describe('https', () => {
  it('gives up a handshake that is never finished', async () => {
    const live = await serve(https);
    const socket = connect(live.port, '127.0.0.1');
    socket.on('error', () => {});
    const body = Buffer.concat([
      Buffer.from('0303', 'hex'),
      Buffer.alloc(32, 7),
      Buffer.from('000002c02f01000012000a00040002001d000d0006000408040401', 'hex'),
    ]);
    const message = Buffer.concat([Buffer.from([1, 0, 0, body.length]), body]);
    socket.write(Buffer.concat([Buffer.from([22, 3, 1, 0, message.length]), message]));
    // The server's answer: it waits for the client's key now.
    await once(socket, 'data');
    await live.close();
    expect(live.told('close')).toMatchObject([{ reason: 'shutdown' }]);
    expect(live.faults).toEqual([]);
  });

  it.skipIf(absent('curl'))('serves pages to curl, over each version of TLS (needs curl)', async () => {
    const live = await serve(https);
    const url = `https://127.0.0.1:${live.port}/robots.txt`;
    for (const version of ['1.2', '1.3'])
      expect(await run('curl', ['-sk', `--tlsv${version}`, '--tls-max', version, url, url])).toBe(
        'User-agent: *\nDisallow: /\n'.repeat(2),
      );
    expect(live.told('fingerprint').map(({ method }) => method)).toEqual(['ja3', 'ja4', 'ja3', 'ja4']);
    expect(live.told('fingerprint')[3]!.value).toMatch(/^t13i\d{4}h[12]_/);
    expect(live.told('request')).toHaveLength(4);
    expect(live.events.every(({ handshake }) => handshake === 'established')).toBe(true);
    await live.close();
    expect(live.told('close')).toHaveLength(2);
    expect(live.faults).toEqual([]);
  });

  it.skipIf(absent('openssl'))(
    'gives its certificate to openssl, and serves a large body (needs openssl)',
    async () => {
      const live = await serve(https);
      const shown = await run(
        'openssl',
        ['s_client', '-connect', `127.0.0.1:${live.port}`, '-ign_eof'],
        `POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 300000\r\n\r\n${'a'.repeat(300_000)}`,
      );
      expect(shown).toMatch(/Server public key is 2048 bit/);
      expect(shown).toMatch(/HTTP\/1\.1 200 OK/);
      await live.close();
      expect(live.told('upload')[0]).toMatchObject({ size: 300_000 });
      expect(live.faults).toEqual([]);
    },
  );
});

describe('rdp', () => {
  it.skipIf(absent('nmap'))('is a Windows desktop to nmap, which reads its names (needs nmap)', async () => {
    const live = await serve(rdp);
    expect(await named(live.port, 'TerminalServerCookie')).toMatch(
      /open\s+(ssl\/)?ms-wbt-server\s+Microsoft Terminal Services/,
    );
    const script = ['-Pn', '-n', '--script', '+rdp-ntlm-info', '-p', String(live.port), '127.0.0.1'];
    expect(await run('nmap', script)).toMatch(
      /NetBIOS_Computer_Name: [A-Z0-9-]+\n[\s\S]*Product_Version: 10\.0\.17763/,
    );
    await live.close();
    expect(live.told('fingerprint').map(({ method }) => method)).toContain('ja4');
    expect(live.faults).toEqual([]);
  });
});

/** MD4 of the passwords in UTF-16 (MS-NLMP §3.3.1 NTOWF), as `openssl dgst -md4` gives them. */
const hashes: Record<string, string> = {
  secret: '878d8014606cda29677a44efa1353fc7',
  x: 'a9f0dd57e1edab5bb55a9ac0a99c15ec',
};

/** Whether a password explains an NTLMv2 answer (MS-NLMP §3.3.2), as a cracker would find. */
function cracks(line: string, password: string): boolean {
  const [user = '', , domain = '', nonce = '', proof = '', blob = ''] = line.split(':');
  const mac = (key: Buffer, data: Buffer) => createHmac('md5', key).update(data).digest();
  const key = mac(Buffer.from(hashes[password]!, 'hex'), Buffer.from(user.toUpperCase() + domain, 'utf16le'));
  return mac(key, Buffer.from(nonce + blob, 'hex')).toString('hex') === proof;
}

describe('smb', () => {
  it.skipIf(absent('smbclient'))('refuses smbclient, and keeps its answers (needs smbclient)', async () => {
    const live = await serve(smb);
    const client = (...args: string[]) =>
      run('smbclient', ['-p', String(live.port), '-I', '127.0.0.1', '-m', 'SMB3', ...args, '-c', 'ls']);
    expect(await client('-U', 'DOM/bob%secret', '//HOST/C$')).toContain('NT_STATUS_LOGON_FAILURE');
    expect(await client('-N', '//HOST/C$')).toContain('NT_STATUS_ACCESS_DENIED');
    const old = ['--option=client min protocol=NT1', '--option=client max protocol=NT1'];
    expect(
      await run('smbclient', [
        '-p',
        String(live.port),
        ...old,
        '-U',
        'DOM/eve%x',
        '//127.0.0.1/C$',
        '-c',
        'ls',
      ]),
    ).toContain('NT_STATUS_LOGON_FAILURE');
    await live.close();
    const logins = live.told('login').filter(({ method }) => method !== 'anonymous');
    expect(logins).toMatchObject([
      { user: 'DOM\\bob', ok: false, method: 'ntlmv2', detail: { dialect: 'SMB2' } },
      { user: 'DOM\\eve', ok: false, method: 'ntlmv2', detail: { dialect: 'NT LM 0.12' } },
    ]);
    for (const { user, secret } of logins)
      expect(cracks(secret, user.endsWith('bob') ? 'secret' : 'x')).toBe(true);
    expect(live.faults).toEqual([]);
  });

  it.skipIf(absent('nmap'))('is Windows to nmap (needs nmap)', async () => {
    const live = await serve(smb);
    expect(await named(live.port, 'SMBProgNeg')).toMatch(/microsoft-ds\s+(Microsoft )?Windows/);
    await live.close();
    expect(live.faults).toEqual([]);
  });
});
