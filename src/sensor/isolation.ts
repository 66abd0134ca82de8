import { execFile } from 'node:child_process';
import {
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { compiled } from '../kit/compiled.ts';

/** What keeps the sensor process in, and why a layer is missing where one is. */
export interface Isolation {
  /** An own user: our files and sockets are not its. */
  uid: boolean;
  /** An empty network namespace: it serves the sockets that it was handed, and can dial nowhere. */
  network: boolean;
  /** Node's permission model: files by list, no child processes, no workers, no native addons. */
  permissions: boolean;
  reasons: string[];
}

export interface Cell {
  command: string;
  /** What stands before the script and its arguments. */
  args: string[];
  isolation: Isolation;
}

export interface CellOptions {
  /** The script that will run inside. */
  entry: string;
  /** Folders that it owns and may write; made where they are not there. */
  writable: string[];
  /** The user for it where we are root. Default: the user `caltrop-sensor`, else an unused number. */
  uid?: number;
  gid?: number;
  /** Its heap, in MiB. */
  memoryMb: number;
  /** Leaves layers out, to test that the others do not depend on them. */
  without?: ('uid' | 'network' | 'permissions')[];
}

const user = 'caltrop-sensor';
const unusedId = 62_874;
const probeMs = 10_000;

/** Finds the strongest cell that works on this machine, by trying each with a script that reaches for its files. */
export async function buildCell(options: CellOptions): Promise<Cell> {
  const root = process.getuid?.() === 0;
  const without = new Set(options.without);
  const reasons: string[] = [];
  const { uid, gid } = findUser(options);
  const flags = nodeFlags(options, !without.has('permissions'), reasons);

  const unshare = find('unshare');
  const setpriv = find('setpriv');
  const drop = setpriv
    ? [setpriv, '--reuid', `${uid}`, '--regid', `${gid}`, '--clear-groups', '--no-new-privs'].concat([
        '--bounding-set=-all',
        '--inh-caps=-all',
        '--',
      ])
    : [];
  const lockOnly = setpriv ? [setpriv, '--no-new-privs', '--'] : [];
  const alone = unshare
    ? root
      ? [unshare, '--net', '--']
      : [unshare, '--user', '--map-root-user', '--net', '--']
    : [];

  const wantUid = root && drop.length > 0 && !without.has('uid');
  const wantNetwork = alone.length > 0 && !without.has('network');
  if (!root) reasons.push('uid: not started as root');
  else if (!setpriv) reasons.push('uid: setpriv is not installed');
  if (!unshare) reasons.push('network: unshare is not installed');
  const tries: { uid: boolean; network: boolean }[] = [
    { uid: wantUid, network: wantNetwork },
    { uid: wantUid, network: false },
    { uid: false, network: wantNetwork },
    { uid: false, network: false },
  ];
  for (const [i, one] of tries.entries()) {
    if (tries.findIndex((other) => other.uid === one.uid && other.network === one.network) !== i) continue;
    if (root) for (const dir of options.writable) own(dir, one.uid ? uid : 0, one.uid ? gid : 0);
    else for (const dir of options.writable) mkdirSync(dir, { recursive: true, mode: 0o700 });
    const line = [
      ...(one.network ? alone : []),
      ...(one.uid ? drop : lockOnly),
      process.execPath,
      ...flags.args,
    ];
    const failure = await probe(line, options);
    if (!failure || i === tries.length - 1) {
      const isolation = { ...one, permissions: flags.permissions, reasons };
      return { command: line[0]!, args: line.slice(1), isolation };
    }
    const layers = Object.entries(one).filter(([, on]) => on);
    reasons.push(`${layers.map(([name]) => name).join('+')}: ${failure}`);
  }
  throw new Error('unreachable: the last cell is always taken');
}

function findUser({ uid, gid }: CellOptions): { uid: number; gid: number } {
  if (uid !== undefined) return { uid, gid: gid ?? uid };
  try {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((one) => one.startsWith(`${user}:`));
    const [, , foundUid, foundGid] = line?.split(':') ?? [];
    if (foundUid && foundGid) return { uid: Number(foundUid), gid: Number(foundGid) };
  } catch {
    // No such file: not a system where we could drop to a user by name.
  }
  return { uid: unusedId, gid: unusedId };
}

function find(program: string): string | undefined {
  return ['/usr/bin', '/bin', '/usr/sbin', '/sbin'].map((dir) => join(dir, program)).find(existsSync);
}

function nodeFlags(options: CellOptions, wanted: boolean, reasons: string[]) {
  const args = [`--max-old-space-size=${options.memoryMb}`, '--disable-warning=ExperimentalWarning'];
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const flag = process.allowedNodeEnvironmentFlags.has('--permission')
    ? '--permission'
    : '--experimental-permission';
  const permissions = wanted && (major > 20 || (major === 20 && minor >= 9));
  if (permissions) {
    args.push(flag);
    // The network is the namespace's task; Node 25 refuses it by default as well.
    if (major >= 25) args.push('--allow-net');
    for (const path of readable(options.entry)) args.push(`--allow-fs-read=${path}`);
    for (const dir of options.writable) args.push(`--allow-fs-read=${dir}/*`, `--allow-fs-write=${dir}/*`);
  } else if (wanted) reasons.push('permissions: this Node has no permission model');
  return { args, permissions };
}

/** The compiled code around the entry, and the one package that the sensor needs. */
function readable(entry: string): string[] {
  const paths = [join(dirname(entry), '*')];
  const source = dirname(compiled('./main.js', import.meta.url));
  if (dirname(entry) !== source) return paths;
  paths.push(join(source, '../kit/*'), join(source, '../model/*'));
  for (let dir = source; ; dir = dirname(dir)) {
    paths.push(join(dir, 'package.json'));
    if (dir === dirname(dir)) break;
  }
  const zod = dirname(createRequire(import.meta.url).resolve('zod/package.json'));
  paths.push(join(zod, '*'), join(realpathSync(zod), '*'));
  return [...new Set(paths)];
}

function own(dir: string, uid: number, gid: number): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  if (statSync(dir).uid === uid) return;
  const walk = (path: string) => {
    lchownSync(path, uid, gid);
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const inner = join(path, entry.name);
      // Links are never followed: the folder may hold what its last owner put there.
      if (entry.isDirectory()) walk(inner);
      else lchownSync(inner, uid, gid);
    }
  };
  walk(dir);
}

/** Undefined where the cell starts and reaches its files, else why not. */
async function probe(line: string[], { entry, writable }: CellOptions): Promise<string | undefined> {
  const script = `const fs=require('fs');fs.readFileSync(${JSON.stringify(entry)});
for(const d of ${JSON.stringify(writable)}){const f=d+'/.probe';fs.writeFileSync(f,'');fs.rmSync(f)}`;
  return new Promise((resolve) => {
    execFile(
      line[0]!,
      [...line.slice(1), '-e', script],
      { env: {}, cwd: '/', timeout: probeMs },
      (error, _, stderr) => {
        if (!error) resolve(undefined);
        else
          resolve(
            /(?:Error: |unshare: |setpriv: )(.*)/.exec(stderr)?.[1]?.slice(0, 200) ??
              error.message.slice(0, 200),
          );
      },
    );
  });
}
