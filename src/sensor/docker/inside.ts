import type { Wire } from '../emulator.ts';
import type { Persona } from '../persona.ts';
import { systemAccounts } from '../personas/accounts.ts';
import { Room } from '../room.ts';
import { mountsOf } from '../shell/disk.ts';
import { FileSystem, FsError, parentOf } from '../shell/fs.ts';
import { imageOf } from '../shell/image.ts';
import { createShell, filesOf, hooksOf, isGnu, type Shell, shellOptions } from '../shell/index.ts';
import type { ShellOptions } from '../shell/shell-options.ts';
import { type Contents, contentsOf } from './catalogue.ts';
import type { Container } from './store.ts';

/** How long a command may seem to wait at once, in milliseconds. */
const waitMs = 30_000;
/** What of the machine a container may see at once. */
const bindLimit = 32;
/** Kinds of images that a machine keeps the files of. */
const kindLimit = 24;

/** Where the Engine keeps what is its own. */
export function dataRoot(persona: Persona): string {
  return isGnu(persona) ? '/var/lib/docker' : '/volume1/docker';
}

/** What of the host was asked for inside: `Binds`, and `Mounts` of type bind. */
export function bindsOf({ host }: Pick<Container, 'host'>): string[] {
  const texts = (value: unknown): unknown[] => (Array.isArray(value) ? value.slice(0, bindLimit) : []);
  return [
    ...texts(host.Binds).filter((one): one is string => typeof one === 'string'),
    ...texts(host.Mounts).flatMap((one) => {
      const { Source, Target, ReadOnly } = (one ?? {}) as Record<string, unknown>;
      if (typeof Source !== 'string' || typeof Target !== 'string') return [];
      return [`${Source}:${Target}${ReadOnly === true ? ':ro' : ''}`];
    }),
  ].slice(0, bindLimit);
}

/** The binds of folders and files; a volume by its name is none. */
function foldersOf(container: Container): { source: string; path: string; readOnly: boolean }[] {
  return bindsOf(container).flatMap((bind) => {
    const [source = '', target = '', mode = ''] = bind.split(':');
    if (!source.startsWith('/') || !target.startsWith('/')) return [];
    const path = cleaned(target);
    return path === '/' ? [] : [{ source: cleaned(source), path, readOnly: /(^|,)ro(,|$)/.test(mode) }];
  });
}

/** A path without empty names, `.` and `..`. */
function cleaned(path: string): string {
  const names: string[] = [];
  for (const name of path.split('/').slice(0, 64)) {
    if (name === '..') names.pop();
    else if (name && name !== '.') names.push(name);
  }
  return `/${names.join('/')}`;
}

const bases = new WeakMap<Persona, Map<string, Persona>>();

/** What all containers of such an image have in common, on this machine. */
function baseOf(host: Persona, { system, packages, programs }: Contents): Persona {
  let all = bases.get(host);
  if (!all) {
    all = new Map();
    bases.set(host, all);
  }
  const key = JSON.stringify([system, packages.length, programs]);
  let base = all.get(key);
  if (!base) {
    if (all.size >= kindLimit) all.clear();
    const release = { '20.04': '20.04', '22.04': '22.04' } as const;
    const version =
      system.id === 'ubuntu' ? (release[system.version as keyof typeof release] ?? '22.04') : '12';
    base = {
      ...host,
      system,
      hostname: 'localhost',
      users: systemAccounts(version, true),
      daemons: [],
      container: {
        id: '',
        command: '',
        first: false,
        hostProcesses: false,
        binds: [],
        layer: '',
        packages,
        programs,
      },
    };
    all.set(key, base);
  }
  return base;
}

/** The machine as it is seen from inside of a container. */
function insideOf(host: Persona, container: Container, first: boolean): Persona {
  const base = baseOf(host, contentsOf(container.image));
  const { id, config, host: asked } = container;
  const own = typeof config.Hostname === 'string' && config.Hostname ? config.Hostname : id.slice(0, 12);
  const network = asked.NetworkMode === 'host';
  const hostProcesses = asked.PidMode === 'host';
  return {
    ...base,
    hostname: network ? host.hostname : own.slice(0, 64),
    address: network ? host.address : '172.17.0.2',
    mac: network ? host.mac : '02:42:ac:11:00:02',
    daemons: hostProcesses ? host.daemons : [],
    container: {
      ...base.container!,
      id,
      command: container.command.join(' ').slice(0, 4_096),
      first,
      hostProcesses,
      binds: foldersOf(container),
      layer: `${dataRoot(host)}/overlay2/${host.token(`layer-${id}`, 64)}`,
    },
  };
}

/** A container's files: its image's, its own, and those of the machine that it was given. */
function filesIn(wire: Wire, container: Container): FileSystem {
  container.room ??= new Room(wire.memory);
  const known = container.room.get('files') as FileSystem | undefined;
  if (known) return known;
  const host = wire.persona;
  const inside = insideOf(host, container, true);
  const fs = new FileSystem(imageOf(baseOf(host, contentsOf(container.image))), container.room);
  fs.now = container.created;
  const { hostname, address } = inside;
  const nameServer = host.address.replace(/\d+$/, '1');
  for (const [path, text] of [
    ['/.dockerenv', ''],
    ['/etc/hostname', `${hostname}\n`],
    [
      '/etc/hosts',
      `127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nff00::0\tip6-mcastprefix\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n${address}\t${hostname}\n`,
    ],
    ['/etc/resolv.conf', `nameserver ${nameServer}\n`],
    ['/proc/self/mounts', mountsOf(inside)],
    ['/proc/1/mounts', mountsOf(inside)],
    ['/proc/1/cmdline', `${container.command.join('\0')}\0`],
    ['/proc/sys/kernel/hostname', `${hostname}\n`],
  ] as const)
    attempt(() => fs.settle(path, Buffer.from(text, 'latin1'), path === '/.dockerenv' ? 0o755 : undefined));
  const outer = filesOf(hooksOf(wire), wire.memory);
  for (const { source, path, readOnly } of foldersOf(container))
    attempt(() => {
      // The Engine makes what is not there, on both sides.
      settleFolders(outer, source);
      const isFolder = outer.stat(source).kind === 'dir';
      settleFolders(fs, isFolder ? path : parentOf(path));
      if (!isFolder && !fs.exists(path)) fs.settle(path, Buffer.alloc(0));
      fs.mount(fs.resolve(path), outer, outer.resolve(source), readOnly);
    });
  container.room.set('files', fs);
  return fs;
}

function settleFolders(fs: FileSystem, path: string): void {
  if (path === '/' || fs.exists(path)) return;
  settleFolders(fs, parentOf(path));
  fs.settleFolder(path, { uid: 0, gid: 0, mode: 0o755, mtime: fs.now });
}

function attempt(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof FsError)) throw error;
  }
}

/** A shell inside a container: `first` as its process 1, else beside it. */
export function shellIn(wire: Wire, container: Container, command: readonly string[], first = false): Shell {
  const fs = filesIn(wire, container);
  const persona = insideOf(wire.persona, container, first);
  const hooks = hooksOf(wire, {
    persona,
    pause: (ms) => wire.pause(Math.min(ms, waitMs)),
    beyond: (root) => beyond(wire, container, fs, persona, root),
  });
  const { WorkingDir } = container.config;
  const folder = typeof WorkingDir === 'string' && WorkingDir.startsWith('/') ? WorkingDir : '/';
  attempt(() => settleFolders(fs, folder));
  const name = command[0]?.slice(command[0].lastIndexOf('/') + 1) ?? 'sh';
  return createShell(hooks, container.room!, {
    cwd: fs.exists(folder) ? fs.resolve(folder) : '/',
    name: name === 'bash' ? 'bash' : 'sh',
    program: name === 'bash' ? 'bash' : 'sh',
    variables: environment(container, persona),
  });
}

/** What programs in a container find in their environment. */
function environment({ image, config }: Container, { hostname }: Persona): [string, string][] {
  const asked = Array.isArray(config.Env) ? config.Env.slice(0, 128) : [];
  const texts = [...contentsOf(image).env, ...asked].filter((one): one is string => typeof one === 'string');
  const all = new Map<string, string>([
    ['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    ['HOSTNAME', hostname],
  ]);
  if (config.Tty === true) all.set('TERM', 'xterm');
  for (const text of texts) {
    const [, name, value] = /^(\w{1,128})=([\s\S]{0,4096})/.exec(text) ?? [];
    if (name !== undefined) all.set(name, value ?? '');
  }
  all.set('HOME', '/root');
  return [...all];
}

/** The machine's own shell, for who breaks out to it: by chroot(8) into its bound root, or into its first process. */
function beyond(
  wire: Wire,
  container: Container,
  fs: FileSystem,
  inside: Persona,
  root: { path: string } | { process: number },
): ShellOptions | undefined {
  const host = wire.persona;
  const outer = filesOf(hooksOf(wire), wire.memory);
  if ('path' in root) {
    const { files, path } = fs.owner(root.path);
    if (files !== outer || path !== '/') return undefined;
  } else if (root.process !== 1 || container.host.PidMode !== 'host' || container.host.Privileged !== true)
    return undefined;
  // A new root has the machine's files, and the container's name and address.
  const { hostname, address, mac } = 'path' in root ? inside : host;
  const persona = { ...host, hostname, address, mac };
  const hooks = hooksOf(wire, { persona, pause: (ms) => wire.pause(Math.min(ms, waitMs)) });
  return shellOptions(hooks, wire.memory, {
    cwd: '/',
    name: isGnu(host) ? 'bash' : 'sh',
    program: isGnu(host) ? 'bash' : 'sh',
  });
}
