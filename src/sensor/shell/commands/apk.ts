import { defineCommand } from '../shell.ts';

interface Package {
  version: string;
  needs?: string[];
  programs?: string[];
}

/** Packages that are asked for most, with what they need, and their programs; versions are those of Alpine 3.20. */
const repository = new Map<string, Package>(
  Object.entries({
    curl: {
      version: '8.12.1-r0',
      needs:
        'ca-certificates brotli-libs c-ares libunistring libidn2 nghttp2-libs libpsl zstd-libs libcurl'.split(
          ' ',
        ),
      programs: ['/usr/bin/curl'],
    },
    wget: { version: '1.24.5-r0', needs: ['libunistring', 'libidn2', 'pcre2'], programs: [] },
    bash: {
      version: '5.2.26-r0',
      needs: ['ncurses-terminfo-base', 'libncursesw', 'readline'],
      programs: ['/bin/bash'],
    },
    'ca-certificates': { version: '20241121-r1' },
    'brotli-libs': { version: '1.1.0-r2' },
    'c-ares': { version: '1.33.1-r0' },
    libunistring: { version: '1.2-r0' },
    libidn2: { version: '2.3.7-r0' },
    'nghttp2-libs': { version: '1.62.1-r0' },
    libpsl: { version: '0.21.5-r1' },
    'zstd-libs': { version: '1.5.6-r0' },
    libcurl: { version: '8.12.1-r0' },
    pcre2: { version: '10.43-r0' },
    'ncurses-terminfo-base': { version: '6.4_p20240420-r2' },
    libncursesw: { version: '6.4_p20240420-r2' },
    readline: { version: '8.2.10-r0' },
    libevent: { version: '2.1.12-r7' },
    tor: { version: '0.4.8.13-r0', needs: ['libevent', 'zstd-libs'], programs: ['/usr/bin/tor'] },
    openrc: { version: '0.54.2-r0', programs: ['/sbin/rc-service'] },
    'openssh-client': { version: '9.7_p1-r5', programs: ['/usr/bin/ssh', '/usr/bin/scp'] },
    'util-linux': { version: '2.40.1-r1', programs: ['/usr/bin/nsenter'] },
  }),
);
/** What the image has before anything is added: packages, and their size in MiB. */
const base = { packages: 14, size: 8 };
const world = '/etc/apk/world';
/** Packages that one call may name. */
const nameLimit = 32;

/** apk(8) of apk-tools 2: its index and its packages come from nowhere, and are there all the same. */
export const apk = defineCommand({
  names: ['apk'],
  folder: '/sbin',
  async run({ args, fs, hooks, out, err, shell }) {
    const words = args.slice(1).filter((arg) => !arg.startsWith('-'));
    const [verb, ...asked] = words.slice(0, nameLimit + 1);
    // A version or a repository may stand behind a name.
    const names = asked.map((name) => name.replace(/[=<>~@].*$/, ''));
    const { version } = hooks.persona.system;
    const release = version.split('.').slice(0, 2).join('.');
    const site = `https://dl-cdn.alpinelinux.org/alpine/v${release}`;
    const arch = hooks.persona.arch.name;
    const index = async () => {
      for (const part of ['main', 'community']) {
        out(`fetch ${site}/${part}/${arch}/APKINDEX.tar.gz\n`);
        await hooks.pause(400);
      }
    };
    const installed = () =>
      fs.exists(world) ? fs.read(world).toString('latin1', 0, 65_536).split('\n').filter(Boolean) : [];
    const counted = () => {
      const closure = new Set(installed().flatMap((name) => [name, ...(repository.get(name)?.needs ?? [])]));
      return [...closure].filter((name) => repository.has(name)).length;
    };
    const total = (count: number) =>
      `OK: ${base.size + Math.ceil(count * 0.5)} MiB in ${base.packages + count} packages\n`;
    if (verb === 'update') {
      await index();
      for (const part of ['main', 'community'])
        out(`v${version}-0-g${hooks.persona.token('aports', 11)} [${site}/${part}]\n`);
      out('OK: 24163 distinct packages available\n');
      return 0;
    }
    if (verb === 'add') {
      await index();
      const unknown = names.filter((name) => !repository.has(name));
      if (unknown.length) {
        err('ERROR: unable to select packages:\n');
        for (const name of unknown) err(`  ${name} (no such package):\n    required by: world[${name}]\n`);
        return unknown.length;
      }
      const before = new Set(installed().flatMap((name) => [name, ...(repository.get(name)?.needs ?? [])]));
      const wanted = names.flatMap((name) => [...(repository.get(name)?.needs ?? []), name]);
      const added = [...new Set(wanted)].filter((name) => !before.has(name));
      for (const [i, name] of added.entries()) {
        out(`(${i + 1}/${added.length}) Installing ${name} (${repository.get(name)!.version})\n`);
        await hooks.pause(120);
        for (const path of repository.get(name)!.programs ?? [])
          if (!fs.exists(path)) fs.settle(path, fs.read('/bin/busybox').subarray(0, 4_096), 0o755);
      }
      if (added.length) {
        out('Executing busybox-1.36.1-r29.trigger\n');
        if (added.includes('ca-certificates')) out('Executing ca-certificates-20241121-r1.trigger\n');
      }
      const kept = [...new Set([...installed(), ...names])];
      fs.settle(world, Buffer.from(kept.map((name) => `${name}\n`).join(''), 'latin1'));
      out(total(counted()));
      return 0;
    }
    if (verb === 'del' || verb === 'fix' || verb === 'upgrade') {
      out(total(counted()));
      return 0;
    }
    if (verb === 'info' || verb === 'list') {
      out(
        'alpine-baselayout\nalpine-keys\napk-tools\nbusybox\nbusybox-binsh\nlibc-utils\nmusl\nmusl-utils\nscanelf\nssl_client\nzlib\n',
      );
      return 0;
    }
    if (args.includes('--version') || args.includes('-V')) {
      out('apk-tools 2.14.4, compiled for x86_64.\n');
      return 0;
    }
    if (verb !== undefined) err(`apk: '${verb}' is not an apk command. See 'apk --help'.\n`);
    return shell.status || 1;
  },
});
