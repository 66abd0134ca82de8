import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether a program is not there. */
export const absent = (program: string) =>
  !['/usr/bin', '/bin', '/usr/sbin', '/usr/local/bin'].some((folder) => existsSync(`${folder}/${program}`));

/** What a client says, on both its outputs; its status does not matter. */
export function run(
  program: string,
  args: string[],
  input = '',
  env: Record<string, string> = {},
): Promise<string> {
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
export async function named(port: number, probe: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'caltrop-nmap-'));
  const all = readFileSync('/usr/share/nmap/nmap-service-probes', 'latin1').split(/^(?=Probe )/m);
  const own = all.filter((one) => one.startsWith(`Probe TCP ${probe} `) || one.startsWith('Probe TCP NULL '));
  writeFileSync(
    join(folder, 'probes'),
    own.join('').replace(/^(rarity|ports|sslports|totalwaitms|fallback) .*\n/gm, ''),
    'latin1',
  );
  const args = ['-sV', '--version-all', '-Pn', '-n', '--versiondb', join(folder, 'probes')];
  const shown = await run('nmap', [...args, '-p', String(port), '127.0.0.1']);
  rmSync(folder, { recursive: true });
  return shown;
}
