import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Live, serve } from '../live.ts';
import { docker } from './docker.ts';

const absent = (program: string) =>
  !['/usr/bin', '/bin', '/usr/sbin', '/usr/local/bin'].some((folder) => existsSync(`${folder}/${program}`));

/** What a client says, on both its outputs; its status does not matter. */
function run(program: string, args: string[], input = ''): Promise<string> {
  return new Promise((resolve) => {
    const child = execFile(program, args, { encoding: 'latin1', timeout: 50_000 }, (_, out, err) =>
      resolve(out + err),
    );
    child.stdin!.on('error', () => {});
    child.stdin!.end(input);
  });
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
