import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Live, serve } from '../live.ts';
import { adb } from './adb.ts';
import { docker } from './docker.ts';

const absent = (program: string) =>
  !['/usr/bin', '/bin', '/usr/sbin', '/usr/local/bin'].some((folder) => existsSync(`${folder}/${program}`));

/** What a client says, on both its outputs; its status does not matter. */
function run(program: string, args: string[], input = '', env: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve) => {
    const child = execFile(
      program,
      args,
      { encoding: 'latin1', timeout: 50_000, env: { ...process.env, ...env } },
      (_, out, err) => resolve(out + err),
    );
    child.stdin!.on('error', () => {});
    child.stdin!.end(input);
  });
}

/** What nmap takes a service for, asked with one of its probes: all of them would take minutes. */
async function named(port: number, probe: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'caltrop-nmap-'));
  const all = readFileSync('/usr/share/nmap/nmap-service-probes', 'latin1').split(/^(?=Probe )/m);
  const own = all.filter((one) => one.startsWith(`Probe TCP ${probe} `) || one.startsWith('Probe TCP NULL '));
  writeFileSync(
    join(folder, 'probes'),
    own.join('').replace(/^(rarity|ports|sslports|totalwaitms) .*\n/gm, ''),
    'latin1',
  );
  const args = ['-sV', '--version-all', '-Pn', '-n', '--versiondb', join(folder, 'probes')];
  const shown = await run('nmap', [...args, '-p', String(port), '127.0.0.1']);
  rmSync(folder, { recursive: true });
  return shown;
}

describe('docker', () => {
  let live: Live;
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
