import type { Persona } from '../../persona.ts';
import { debian12 } from './debian-12.ts';

export interface Program {
  path: string;
  mode: number;
  size: number;
  /** Where it is a link. */
  target?: string;
}

export interface Package {
  name: string;
  version: string;
  /** The time of its files, in milliseconds since the epoch. */
  builtAt: number;
  programs: readonly Program[];
}

function read(text: string): Package[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [name = '', version = '', time = '', ...items] = line.split(' ');
      return { name, version, builtAt: Date.parse(`${time}:00Z`), programs: items.map(program) };
    });
}

function program(item: string): Program {
  const [short = '', target] = item.split('>');
  const [file = '', ...rest] = short.split(':');
  const path = file.startsWith('s/') ? `/usr/sbin/${file.slice(2)}` : `/usr/bin/${file}`;
  const mode = rest[0] === 's' ? 0o4755 : 0o755;
  const size = Number(rest.at(-1) ?? 0);
  return target === undefined ? { path, mode, size } : { path, mode: 0o777, size: 0, target };
}

const bookworm = read(debian12);
/** When the releases of Ubuntu took their core packages in, and what the best known are called there. */
const ubuntu: Record<
  string,
  { at: number; versions: Record<string, string>; sizes: Record<string, number> }
> = {
  '20.04': {
    at: Date.UTC(2019, 8, 5, 10, 38),
    versions: {
      bash: '5.0-6ubuntu1.2',
      coreutils: '8.30-3ubuntu2',
      'openssh-server': '1:8.2p1-4ubuntu0.13',
      'openssh-client': '1:8.2p1-4ubuntu0.13',
      dash: '0.5.10.2-6',
      apt: '2.0.11',
      systemd: '245.4-4ubuntu3.24',
    },
    sizes: { ls: 142_144, bash: 1_183_448 },
  },
  '22.04': {
    at: Date.UTC(2022, 1, 7, 16, 3),
    versions: {
      bash: '5.1-6ubuntu1.1',
      coreutils: '8.32-4.1ubuntu1.2',
      'openssh-server': '1:8.9p1-3ubuntu0.13',
      'openssh-client': '1:8.9p1-3ubuntu0.13',
      dash: '0.5.11+git20210903+really0.5.11-1',
      apt: '2.4.14',
      systemd: '249.11-0ubuntu3.16',
    },
    sizes: { ls: 138_208, bash: 1_396_520 },
  },
  '24.04': {
    at: Date.UTC(2024, 3, 5, 14, 36),
    versions: {
      bash: '5.2.21-2ubuntu4',
      coreutils: '9.4-3ubuntu6',
      'openssh-server': '1:9.6p1-3ubuntu13.13',
      'openssh-client': '1:9.6p1-3ubuntu13.13',
      dash: '0.5.12-6ubuntu5',
      apt: '2.8.3',
      systemd: '255.4-1ubuntu8.10',
    },
    sizes: { ls: 142_312, bash: 1_446_024 },
  },
};
const known = new WeakMap<Persona, readonly Package[]>();

/** What is installed, with its programs; nothing is younger than the machine's last start. */
export function packagesOf(persona: Persona): readonly Package[] {
  let list = known.get(persona);
  if (!list) {
    const release =
      persona.system.id === 'ubuntu'
        ? (ubuntu[persona.system.version.slice(0, 5)] ?? ubuntu['22.04']!)
        : undefined;
    const latest = persona.bootedAt - 40 * 86_400_000;
    list = bookworm
      .filter(({ name }) => !(absent[name]?.(persona) ?? false))
      .filter(({ name }) => !persona.container || persona.container.packages.includes(name))
      .map((one) => ({
        ...one,
        version: release
          ? (release.versions[one.name] ?? one.version.replace(/\+?deb12u\d+.*$/, 'ubuntu1'))
          : one.version,
        builtAt: Math.min(release?.at ?? one.builtAt, latest),
        programs: release
          ? one.programs.map((file) => ({ ...file, size: release.sizes[file.path.slice(9)] ?? file.size }))
          : one.programs,
      }));
    known.set(persona, list);
  }
  return list;
}

/** What only some machines have. */
const absent: Record<string, (persona: Persona) => boolean> = {
  'tftp-hpa': () => true,
  ed: () => true,
  at: () => true,
  ucf: () => true,
};
