import type { Persona } from '../../persona.ts';
import { commandList } from '../commands/index.ts';
import { busyboxProgram, programBytes } from '../elf.ts';
import type { Image } from '../fs.ts';
import { cpuinfo } from './cpu.ts';
import { groups, osRelease } from './etc.ts';
import { programs } from './gnu.ts';
import { kernelFiles } from './kernel-files.ts';
import { packagesOf } from './packages.ts';
import { Tree } from './tree.ts';

/** Applets that BusyBox has in its source and in devices, and not in these images. */
const absent = new Set(
  'curl bash dir chattr lsattr tftp ftpget telnetd cttyhack printf pwd test nc telnet chroot last who perl python'.split(
    ' ',
  ),
);
const day = 86_400_000;

/** The files of the images `alpine` and `busybox`. What belongs to one container is laid over them. */
export function smallContainer(persona: Persona): Image {
  const alpine = persona.system.id === 'alpine';
  const tree = new Tree(persona, persona.web.modifiedAt - 30 * day);
  shared(tree);
  for (const path of '/home /media/cdrom /mnt /opt /srv /usr/local/bin /var/cache /var/spool/cron/crontabs /usr/lib /usr/share'.split(
    ' ',
  ))
    if (alpine) tree.dir(path);
  for (const path of ['/lib', '/usr/sbin', '/usr/bin', '/var/log', '/var/tmp']) tree.dir(path);
  tree.file('/bin/busybox', busyboxProgram(persona), { mode: 0o755 }, alpine ? 808_712 : 1_119_784);
  const link = (folder: string, name: string) => {
    const path = `${alpine ? folder : '/bin'}/${name}`;
    if (!tree.has(path)) tree.link(path, alpine ? '/bin/busybox' : 'busybox');
  };
  for (const { names, folder } of commandList)
    for (const name of names) if (folder && !absent.has(name)) link(folder, name);
  for (const name of ['echo', 'printf', 'pwd', 'true', 'false']) link('/bin', name);
  for (const name of ['test', '[', '[[', 'nsenter', 'nc', 'telnet', 'awk', 'sort', 'whoami'])
    link('/usr/bin', name);
  link('/usr/sbin', 'chroot');
  tree.file('/etc/passwd', alpine ? alpineAccounts : smallAccounts);
  tree.file(
    '/etc/group',
    alpine
      ? alpineGroups
      : 'root:x:0:\ndaemon:x:1:\nbin:x:2:\nsys:x:3:\nadm:x:4:\nwheel:x:10:root\nnobody:x:65534:\n',
  );
  tree.file('/etc/shadow', `root:*::0:::::\n${alpine ? 'bin:!::0:::::\ndaemon:!::0:::::\n' : ''}`, {
    mode: 0o640,
    gid: alpine ? 42 : 0,
  });
  if (alpine) alpineFiles(tree);
  for (const path of persona.container?.programs ?? [])
    tree.file(path, programBytes(persona, 900_000), { mode: 0o755 }, 900_000 + path.length * 12_288);
  kernel(tree);
  return tree.image;
}

function alpineFiles(tree: Tree): void {
  const { version } = tree.persona.system;
  const release = version.split('.').slice(0, 2).join('.');
  const { arch } = tree.persona;
  tree.file('/etc/alpine-release', `${version}\n`);
  tree.file(
    '/usr/lib/os-release',
    `NAME="Alpine Linux"\nID=alpine\nVERSION_ID=${version}\nPRETTY_NAME="Alpine Linux v${release}"\nHOME_URL="https://alpinelinux.org/"\nBUG_REPORT_URL="https://gitlab.alpinelinux.org/alpine/aports/-/issues"\n`,
  );
  tree.link('/etc/os-release', '../usr/lib/os-release');
  tree.file('/etc/issue', `Welcome to Alpine Linux ${release}\nKernel \\r on an \\m (\\l)\n\n`);
  tree.file('/etc/motd', 'Welcome to Alpine!\n');
  tree.file(
    '/etc/apk/repositories',
    `https://dl-cdn.alpinelinux.org/alpine/v${release}/main\nhttps://dl-cdn.alpinelinux.org/alpine/v${release}/community\n`,
  );
  tree.file('/etc/apk/arch', `${arch.name}\n`);
  tree.file('/etc/apk/world', 'alpine-baselayout\nalpine-keys\napk-tools\nbusybox\nlibc-utils\n');
  tree.file('/lib/apk/db/installed', '');
  tree.file('/sbin/apk', programBytes(tree.persona, 74_360), { mode: 0o755 }, 74_360);
  tree.file(`/lib/ld-musl-${arch.name}.so.1`, programBytes(tree.persona, 662_880), { mode: 0o755 }, 662_880);
  tree.link(`/lib/libc.musl-${arch.name}.so.1`, `ld-musl-${arch.name}.so.1`);
  tree.file('/etc/shells', '# valid login shells\n/bin/sh\n/bin/ash\n');
  tree.file('/etc/profile', "export PATH='/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'\n");
  tree.file('/etc/inittab', '# /etc/inittab\n::sysinit:/sbin/openrc sysinit\n');
  tree.file(
    '/etc/crontabs/root',
    '# do daily/weekly/monthly maintenance\n*/15\t*\t*\t*\t*\trun-parts /etc/periodic/15min\n',
  );
}

/** The files of Debian's and Ubuntu's images, and of what is built upon them. */
export function debianContainer(persona: Persona): Image {
  const ubuntu = persona.system.id === 'ubuntu';
  const tree = new Tree(persona, persona.web.modifiedAt - 30 * day);
  for (const name of ['bin', 'sbin', 'lib']) {
    tree.dir(`/usr/${name}`);
    tree.link(`/${name}`, `usr/${name}`);
  }
  tree.dir('/usr/lib64');
  tree.link('/lib64', 'usr/lib64');
  shared(tree);
  for (const path of '/boot /home /media /mnt /opt /srv /usr/games /usr/include /usr/local/bin /usr/local/lib /usr/local/sbin /usr/share/doc /var/backups /var/cache/apt /var/lib/apt/lists /var/local /var/log/apt /var/mail /var/opt /var/spool /run/lock'.split(
    ' ',
  ))
    tree.dir(path);
  tree.dir('/var/tmp', { mode: 0o1777 });
  tree.link('/var/run', '/run');
  tree.link('/var/lock', '/run/lock');
  programs(tree);
  for (const path of persona.container?.programs ?? [])
    if (!tree.has(path))
      tree.file(path, programBytes(persona, 900_000), { mode: 0o755 }, 1_100_000 + path.length * 49_152);
  const colons = persona.users.map(
    ({ name, uid, gid, comment, home, shell }) => `${name}:x:${uid}:${gid}:${comment}:${home}:${shell}\n`,
  );
  tree.file('/etc/passwd', colons.join(''));
  tree.file('/etc/shadow', persona.users.map(({ name }) => `${name}:*:19700:0:99999:7:::\n`).join(''), {
    mode: 0o640,
    gid: 42,
  });
  tree.file('/etc/group', groups(tree));
  const major = persona.system.version.split('.')[0];
  const { version, codename } = persona.system;
  tree.file(
    '/etc/debian_version',
    ubuntu ? `${{ focal: 'bullseye', jammy: 'bookworm' }[codename] ?? 'trixie'}/sid\n` : `${major}.12\n`,
  );
  tree.file('/usr/lib/os-release', osRelease(tree));
  tree.link('/etc/os-release', '../usr/lib/os-release');
  tree.file(
    '/etc/issue',
    ubuntu ? `Ubuntu ${version} LTS \\n \\l\n\n` : `Debian GNU/Linux ${major} \\n \\l\n\n`,
  );
  if (ubuntu)
    tree.file(
      '/etc/lsb-release',
      `DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=${version}\nDISTRIB_CODENAME=${codename}\nDISTRIB_DESCRIPTION="Ubuntu ${version} LTS"\n`,
    );
  tree.file(
    '/etc/shells',
    '# /etc/shells: valid login shells\n/bin/sh\n/bin/bash\n/usr/bin/bash\n/bin/rbash\n/usr/bin/rbash\n/usr/bin/sh\n/bin/dash\n/usr/bin/dash\n',
  );
  tree.file('/etc/bash.bashrc', '# System-wide .bashrc file for interactive bash(1) shells.\n');
  tree.file(
    '/etc/profile',
    '# /etc/profile: system-wide .profile file for the Bourne shell (sh(1))\n# and Bourne compatible shells (bash(1), ksh(1), ash(1), ...).\n',
  );
  tree.file(
    '/etc/environment',
    ubuntu
      ? 'PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games:/usr/local/games:/snap/bin"\n'
      : '',
  );
  tree.file('/etc/fstab', '# UNCONFIGURED FSTAB FOR BASE SYSTEM\n');
  tree.link('/etc/mtab', '/proc/mounts');
  for (const path of [
    '/etc/cron.daily',
    '/etc/apt/apt.conf.d',
    '/etc/default',
    '/etc/init.d',
    '/etc/pam.d',
    '/etc/skel',
    '/etc/opt',
  ])
    tree.dir(path);
  tree.file(
    ubuntu ? '/etc/apt/sources.list' : '/etc/apt/sources.list.d/debian.sources',
    ubuntu
      ? `deb http://archive.ubuntu.com/ubuntu/ ${codename} main restricted\n`
      : `Types: deb\nURIs: http://deb.debian.org/debian\nSuites: ${codename} ${codename}-updates\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n`,
  );
  tree.file('/root/.bashrc', '# ~/.bashrc: executed by bash(1) for non-login shells.\n');
  tree.file('/root/.profile', '# ~/.profile: executed by Bourne-compatible login shells.\n');
  tree.file(
    '/var/lib/dpkg/status',
    packagesOf(persona)
      .map(
        ({ name, version: release }) =>
          `Package: ${name}\nStatus: install ok installed\nVersion: ${release}\n\n`,
      )
      .join(''),
  );
  kernel(tree);
  return tree.image;
}

/** What every container's root has. */
function shared(tree: Tree): void {
  for (const path of '/bin /dev/pts /dev/mqueue /etc /proc /root /run /sbin /sys /usr /var /home'.split(' '))
    if (!tree.has(path)) tree.dir(path);
  for (const path of ['/tmp', '/dev/shm']) tree.dir(path, { mode: 0o1777 });
  tree.dir('/root', { mode: 0o700 });
  for (const name of [
    'null',
    'zero',
    'full',
    'random',
    'urandom',
    'tty',
    'ptmx',
    'console',
    'stdin',
    'stdout',
    'stderr',
  ])
    tree.device(`/dev/${name}`);
  tree.dir('/dev/fd', { mode: 0o777 });
}

/** /proc and /sys: those of the machine's kernel, without what tells of the machine around. */
function kernel(tree: Tree): void {
  kernelFiles(tree);
  tree.live('/proc/cpuinfo', () => cpuinfo(tree.persona));
  tree.live('/proc/1/cgroup', () => '0::/\n');
  tree.live('/proc/self/cgroup', () => '0::/\n');
}

const alpineAccounts =
  'root:x:0:0:root:/root:/bin/sh\nbin:x:1:1:bin:/bin:/sbin/nologin\ndaemon:x:2:2:daemon:/sbin:/sbin/nologin\nlp:x:4:7:lp:/var/spool/lpd:/sbin/nologin\nsync:x:5:0:sync:/sbin:/bin/sync\nshutdown:x:6:0:shutdown:/sbin:/sbin/shutdown\nhalt:x:7:0:halt:/sbin:/sbin/halt\nmail:x:8:12:mail:/var/mail:/sbin/nologin\nnews:x:9:13:news:/usr/lib/news:/sbin/nologin\nuucp:x:10:14:uucp:/var/spool/uucppublic:/sbin/nologin\ncron:x:16:16:cron:/var/spool/cron:/sbin/nologin\nftp:x:21:21::/var/lib/ftp:/sbin/nologin\nsshd:x:22:22:sshd:/dev/null:/sbin/nologin\ngames:x:35:35:games:/usr/games:/sbin/nologin\nntp:x:123:123:NTP:/var/empty:/sbin/nologin\nguest:x:405:100:guest:/dev/null:/sbin/nologin\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n';
const alpineGroups =
  'root:x:0:root\nbin:x:1:root,bin,daemon\ndaemon:x:2:root,bin,daemon\nsys:x:3:root,bin\nadm:x:4:root,daemon\ntty:x:5:\ndisk:x:6:root\nlp:x:7:lp\nkmem:x:9:\nwheel:x:10:root\nfloppy:x:11:root\nmail:x:12:mail\ncron:x:16:cron\naudio:x:18:\ncdrom:x:19:\ndialout:x:20:root\nftp:x:21:\nsshd:x:22:\ntape:x:26:root\nvideo:x:27:root\nnetdev:x:28:\nkvm:x:34:kvm\ngames:x:35:\nshadow:x:42:\nwww-data:x:82:\nusers:x:100:games\nntp:x:123:\nutmp:x:406:\nping:x:999:\nnogroup:x:65533:\nnobody:x:65534:\n';
const smallAccounts =
  'root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1:daemon:/usr/sbin:/bin/false\nbin:x:2:2:bin:/bin:/bin/false\nsys:x:3:3:sys:/dev:/bin/false\nsync:x:4:100:sync:/bin:/bin/sync\nmail:x:8:8:mail:/var/spool/mail:/bin/false\nwww-data:x:33:33:www-data:/var/www:/bin/false\noperator:x:37:37:Operator:/var:/bin/false\nnobody:x:65534:65534:nobody:/home:/bin/false\n';
