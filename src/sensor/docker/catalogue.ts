import type { System } from '../persona.ts';

/** What is inside of an image, as far as its name tells. */
export interface Contents {
  system: System;
  /** What it runs by itself. */
  command: readonly string[];
  /** Debian's packages; none for Alpine and BusyBox. */
  packages: readonly string[];
  programs: readonly string[];
  /** Variables beside PATH. */
  env: readonly string[];
  /** Whether its maker is known, and with that all that it holds. */
  known: boolean;
}

/** What the image `debian` has installed (docker-library's, `dpkg -l`), as far as it brings programs. */
const base =
  'apt bash bsdutils coreutils dash debianutils diffutils dpkg e2fsprogs findutils gpgv grep gzip hostname init-system-helpers libc-bin login mawk mount ncurses-bin passwd perl-base sed tar util-linux util-linux-extra'.split(
    ' ',
  );
/** What `buildpack-deps` adds to it: images of languages stand upon it. */
const build =
  'curl wget git gcc-12 gcc make openssh-client procps unzip xz-utils bzip2 file gpg openssl python3-minimal python3.11-minimal'.split(
    ' ',
  );

const debianNames: Record<string, string> = {
  '10': 'buster',
  '11': 'bullseye',
  '12': 'bookworm',
  '13': 'trixie',
};
const ubuntuNames: Record<string, string> = { '20.04': 'focal', '22.04': 'jammy', '24.04': 'noble' };

function debian(tag: string): System {
  const found = Object.entries(debianNames).find(([number, name]) =>
    new RegExp(`(^|-)(${number}|${name})\\b`).test(tag),
  );
  const [version, codename] = found ?? ['12', 'bookworm'];
  return { id: 'debian', name: 'Debian GNU/Linux', version, codename };
}

function ubuntu(tag: string): System {
  const found = Object.entries(ubuntuNames).find(
    ([number, name]) => tag.startsWith(number) || tag.startsWith(name),
  );
  const [version, codename] = found ?? ['24.04', 'noble'];
  return { id: 'ubuntu', name: 'Ubuntu', version, codename };
}

function alpine(tag: string): System {
  const asked = /(?:^|alpine)(3\.(?:19|2[0-2]))(\.\d+)?/.exec(tag);
  const version = asked ? `${asked[1]}${asked[2] ?? lastOf[asked[1]!]}` : '3.20.3';
  return { id: 'alpine', name: 'Alpine Linux', version, codename: '' };
}
const lastOf: Record<string, string> = { '3.19': '.4', '3.20': '.3', '3.21': '.3', '3.22': '.1' };

interface Official {
  command: string[];
  /** Folders and names of what it brings. */
  programs?: string[];
  env?: string[];
  /** Upon what it stands; Debian's where it is left out. */
  on?: 'build' | 'ubuntu' | 'alpine';
}

const official: Record<string, Official> = {
  nginx: {
    command: ['nginx', '-g', 'daemon off;'],
    programs: ['/usr/sbin/nginx', '/usr/bin/curl'],
    env: ['NGINX_VERSION=1.27.4', 'PKG_RELEASE=1~bookworm'],
  },
  httpd: {
    command: ['httpd-foreground'],
    programs: ['/usr/local/apache2/bin/httpd', '/usr/local/bin/httpd-foreground'],
    env: ['HTTPD_PREFIX=/usr/local/apache2'],
  },
  redis: {
    command: ['redis-server'],
    programs: ['/usr/local/bin/redis-server', '/usr/local/bin/redis-cli', '/usr/local/bin/gosu'],
    env: ['REDIS_VERSION=7.4.2'],
  },
  postgres: {
    command: ['postgres'],
    programs: [
      '/usr/local/bin/postgres',
      '/usr/local/bin/psql',
      '/usr/local/bin/pg_dump',
      '/usr/local/bin/gosu',
    ],
    env: ['PG_MAJOR=17', 'PGDATA=/var/lib/postgresql/data'],
  },
  mysql: { command: ['mysqld'], programs: ['/usr/sbin/mysqld', '/usr/bin/mysql'], env: ['MYSQL_MAJOR=8.4'] },
  mariadb: { command: ['mariadbd'], programs: ['/usr/sbin/mariadbd', '/usr/bin/mariadb'], on: 'ubuntu' },
  mongo: { command: ['mongod'], programs: ['/usr/bin/mongod', '/usr/bin/mongosh'], on: 'ubuntu' },
  memcached: { command: ['memcached'], programs: ['/usr/local/bin/memcached'] },
  python: {
    command: ['python3'],
    programs: ['/usr/local/bin/python3', '/usr/local/bin/python', '/usr/local/bin/pip'],
    env: ['LANG=C.UTF-8', 'PYTHON_VERSION=3.13.2'],
    on: 'build',
  },
  node: {
    command: ['node'],
    programs: ['/usr/local/bin/node', '/usr/local/bin/npm', '/usr/local/bin/npx'],
    env: ['NODE_VERSION=22.14.0', 'YARN_VERSION=1.22.22'],
    on: 'build',
  },
  golang: {
    command: ['bash'],
    programs: ['/usr/local/go/bin/go'],
    env: ['GOLANG_VERSION=1.24.1', 'GOPATH=/go'],
    on: 'build',
  },
  php: {
    command: ['php', '-a'],
    programs: ['/usr/local/bin/php', '/usr/bin/curl'],
    env: ['PHP_VERSION=8.4.5'],
  },
  ruby: {
    command: ['irb'],
    programs: ['/usr/local/bin/ruby', '/usr/local/bin/irb'],
    env: ['LANG=C.UTF-8'],
    on: 'build',
  },
  wordpress: {
    command: ['apache2-foreground'],
    programs: [
      '/usr/sbin/apache2',
      '/usr/local/bin/apache2-foreground',
      '/usr/local/bin/php',
      '/usr/bin/curl',
    ],
  },
  docker: {
    command: ['sh'],
    programs: ['/usr/local/bin/docker', '/usr/local/bin/dockerd'],
    env: ['DOCKER_VERSION=28.0.1'],
    on: 'alpine',
  },
  registry: { command: ['/etc/distribution/config.yml'], programs: ['/bin/registry'], on: 'alpine' },
  traefik: { command: ['traefik'], programs: ['/usr/local/bin/traefik'], on: 'alpine' },
};

/** What an image holds, by its name: `alpine:3.20`, `library/redis`, `docker.io/library/python:3-alpine`. */
export function contentsOf(reference: string): Contents {
  const [, path = '', tag = ''] = /^(.*?)(?:[:@]([^/]*))?$/.exec(reference.toLowerCase()) ?? [];
  const name = path.replace(/^(?:index\.)?docker\.io\//, '').replace(/^library\//, '');
  const plain = { packages: [], programs: [], env: [], known: true };
  if (name === 'alpine') return { ...plain, system: alpine(tag), command: ['/bin/sh'] };
  if (name === 'busybox')
    return {
      ...plain,
      system: { id: 'busybox', name: 'BusyBox', version: '1.37.0', codename: '' },
      command: ['sh'],
    };
  if (name === 'debian') return { ...plain, system: debian(tag), command: ['bash'], packages: base };
  if (name === 'ubuntu')
    return { ...plain, system: ubuntu(tag), command: ['/bin/bash'], packages: [...base, 'procps', 'bzip2'] };
  const found = Object.hasOwn(official, name) ? official[name] : undefined;
  const { command = ['bash'], programs = [], env = [], on } = found ?? {};
  const common = { command, programs, env, known: found !== undefined };
  if (on === 'alpine' || tag.includes('alpine') || name.includes('alpine'))
    return {
      ...common,
      packages: [],
      system: alpine(tag.replace(/^.*?(?=alpine)/, '')),
      command: found ? command : ['/bin/sh'],
    };
  if (on === 'ubuntu' || name.includes('ubuntu'))
    return { ...common, packages: [...base, 'procps'], system: ubuntu(tag) };
  const whole = on === 'build' && !tag.includes('slim');
  return { ...common, packages: whole ? [...base, ...build] : base, system: debian(tag) };
}
