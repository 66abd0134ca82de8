import { mounted } from '../disk.ts';
import { uuid } from './kernel-files.ts';
import { packagesOf } from './packages.ts';
import type { Tree } from './tree.ts';

/** /etc of a Debian or Ubuntu server, and dpkg's books. */
export function etcFiles(tree: Tree): void {
  const { persona } = tree;
  const { system, users, token, hostname, address, admin } = persona;
  const ubuntu = system.id === 'ubuntu';
  tree.file(
    '/etc/passwd',
    users
      .map(
        ({ name, uid, gid, comment, home, shell }) => `${name}:x:${uid}:${gid}:${comment}:${home}:${shell}\n`,
      )
      .join(''),
  );
  const changed = Math.floor(tree.installed / 86_400_000);
  const hash = (name: string) =>
    `$y$j9T$${token(`salt ${name}`, 22)}$${Buffer.from(token(`hash ${name}`, 64), 'hex')
      .toString('base64')
      .replace(/[+=]/g, '.')
      .slice(0, 43)}`;
  tree.file(
    '/etc/shadow',
    users
      .map(
        ({ name, shell }) =>
          `${name}:${/\/(ba|da|z)?sh$/.test(shell) ? hash(name) : '*'}:${changed}:0:99999:7:::\n`,
      )
      .join(''),
    { mode: 0o640, gid: 42 },
  );
  tree.file('/etc/group', groups(tree));
  tree.file('/etc/gshadow', '', { mode: 0o640, gid: 42 });
  tree.file('/etc/hostname', `${hostname}\n`);
  tree.file(
    '/etc/hosts',
    `127.0.0.1\tlocalhost\n127.0.1.1\t${hostname}\n\n::1     localhost ip6-localhost ip6-loopback\nff02::1 ip6-allnodes\nff02::2 ip6-allrouters\n`,
  );
  tree.file('/etc/hosts.allow', '');
  tree.file('/etc/hosts.deny', '');
  tree.file(
    '/etc/resolv.conf',
    ubuntu
      ? 'nameserver 127.0.0.53\noptions edns0 trust-ad\nsearch .\n'
      : `nameserver ${address.replace(/\d+$/, '1')}\n`,
  );
  tree.file('/etc/machine-id', `${persona.machineId}\n`, { mode: 0o444 });
  tree.file(
    '/etc/issue',
    ubuntu
      ? `Ubuntu ${system.version} LTS \\n \\l\n\n`
      : `Debian GNU/Linux ${system.version.split('.')[0]} \\n \\l\n\n`,
  );
  tree.file(
    '/etc/issue.net',
    ubuntu ? `Ubuntu ${system.version} LTS\n` : `Debian GNU/Linux ${system.version.split('.')[0]}\n`,
  );
  tree.file(
    '/etc/debian_version',
    ubuntu
      ? `${{ focal: 'bullseye', jammy: 'bookworm', noble: 'trixie' }[system.codename] ?? 'bookworm'}/sid\n`
      : `${system.version.includes('.') ? system.version : `${system.version}.12`}\n`,
  );
  tree.file('/usr/lib/os-release', osRelease(tree));
  tree.link('/etc/os-release', '../usr/lib/os-release');
  if (ubuntu)
    tree.file(
      '/etc/lsb-release',
      `DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=${system.version.slice(0, 5)}\nDISTRIB_CODENAME=${system.codename}\nDISTRIB_DESCRIPTION="Ubuntu ${system.version} LTS"\n`,
    );
  tree.file('/etc/motd', ubuntu ? '' : debianMotd);
  const root = mounted(persona).find(({ path }) => path === '/')!;
  tree.file(
    '/etc/fstab',
    `# /etc/fstab: static file system information.\nUUID=${uuid(persona, 'root')} / ${root.type} ${ubuntu ? 'discard,errors=remount-ro' : 'errors=remount-ro'} 0 1\n`,
  );
  tree.link('/etc/mtab', '../proc/self/mounts');
  tree.file('/etc/timezone', 'Etc/UTC\n');
  tree.file('/etc/default/locale', 'LANG=C.UTF-8\n');
  tree.file(
    '/etc/environment',
    ubuntu
      ? 'PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games:/usr/local/games:/snap/bin"\n'
      : '',
  );
  tree.file(
    '/etc/shells',
    '# /etc/shells: valid login shells\n/bin/sh\n/usr/bin/sh\n/bin/bash\n/usr/bin/bash\n/bin/rbash\n/usr/bin/rbash\n/bin/dash\n/usr/bin/dash\n',
  );
  tree.file(
    '/etc/profile',
    '# /etc/profile: system-wide .profile file for the Bourne shell (sh(1))\n# and Bourne compatible shells (bash(1), ksh(1), ash(1), ...).\n',
  );
  tree.file('/etc/bash.bashrc', '# System-wide .bashrc file for interactive bash(1) shells.\n');
  tree.file(
    '/etc/ssh/sshd_config',
    'Include /etc/ssh/sshd_config.d/*.conf\n\nPermitRootLogin yes\nPasswordAuthentication yes\nKbdInteractiveAuthentication no\nUsePAM yes\nX11Forwarding yes\nPrintMotd no\nAcceptEnv LANG LC_*\nSubsystem\tsftp\t/usr/lib/openssh/sftp-server\n',
  );
  tree.file(
    '/etc/ssh/ssh_config',
    'Include /etc/ssh/ssh_config.d/*.conf\n\nHost *\n    SendEnv LANG LC_*\n    HashKnownHosts yes\n    GSSAPIAuthentication yes\n',
  );
  for (const kind of ['ecdsa', 'ed25519', 'rsa'])
    tree.file(
      `/etc/ssh/ssh_host_${kind}_key`,
      `-----BEGIN OPENSSH PRIVATE KEY-----\n${Buffer.from(token(`host ${kind}`, 512), 'hex')
        .toString('base64')
        .replace(/(.{70})/g, '$1\n')}\n-----END OPENSSH PRIVATE KEY-----\n`,
      { mode: 0o600 },
    );
  tree.file(
    '/etc/sudoers',
    `Defaults\tenv_reset\nDefaults\tmail_badpass\nDefaults\tsecure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"\n\nroot\tALL=(ALL:ALL) ALL\n%sudo\tALL=(ALL:ALL) ALL\n\n@includedir /etc/sudoers.d\n`,
    { mode: 0o440 },
  );
  tree.file(
    '/etc/sudoers.d/90-cloud-init-users',
    `# User rules for ${admin}\n${admin} ALL=(ALL) NOPASSWD:ALL\n`,
    { mode: 0o440 },
  );
  tree.file(
    '/etc/crontab',
    '# /etc/crontab: system-wide crontab\nSHELL=/bin/sh\nPATH=/usr/local/sbin:/usr/local/bin:/sbin:/bin:/usr/sbin:/usr/bin\n\n17 *\t* * *\troot\tcd / && run-parts --report /etc/cron.hourly\n25 6\t* * *\troot\ttest -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.daily; }\n47 6\t* * 7\troot\ttest -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.weekly; }\n52 6\t1 * *\troot\ttest -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.monthly; }\n',
  );
  for (const folder of ['d', 'hourly', 'daily', 'weekly', 'monthly']) tree.dir(`/etc/cron.${folder}`);
  tree.file(
    '/etc/cron.d/e2scrub_all',
    '30 3 * * 0 root test -e /run/systemd/system || SERVICE_MODE=1 /usr/lib/x86_64-linux-gnu/e2fsprogs/e2scrub_all_cron\n',
  );
  tree.file('/etc/cron.daily/apt-compat', '#!/bin/sh\nset -e\nexit 0\n', { mode: 0o755 });
  tree.file('/etc/cron.daily/dpkg', '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  tree.file('/etc/cron.daily/logrotate', '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  tree.file(
    '/etc/apt/sources.list',
    ubuntu
      ? `deb http://archive.ubuntu.com/ubuntu ${system.codename} main restricted universe\n`
      : `deb http://deb.debian.org/debian ${system.codename} main non-free-firmware\ndeb http://security.debian.org/debian-security ${system.codename}-security main non-free-firmware\n`,
  );
  tree.file('/etc/ld.so.conf', 'include /etc/ld.so.conf.d/*.conf\n');
  for (const path of [
    '/etc/init.d',
    '/etc/systemd/system/multi-user.target.wants',
    '/etc/rc0.d',
    '/etc/rc3.d',
    '/etc/rc5.d',
    '/etc/default',
    '/etc/network',
    '/etc/pam.d',
    '/etc/security',
    '/etc/skel',
    '/etc/profile.d',
    '/etc/logrotate.d',
    '/etc/sysctl.d',
    '/etc/ssl/certs',
    '/etc/ssl/private',
    '/etc/apt/apt.conf.d',
    '/etc/ld.so.conf.d',
  ])
    tree.dir(path);
  for (const name of ['cron', 'dbus', 'ssh', 'udev', 'rsyslog', 'sudo', 'procps'])
    tree.file(`/etc/init.d/${name}`, '#!/bin/sh\n### BEGIN INIT INFO\n### END INIT INFO\n', { mode: 0o755 });
  tree.file(
    '/etc/network/interfaces',
    'source /etc/network/interfaces.d/*\n\nauto lo\niface lo inet loopback\n\nallow-hotplug eth0\niface eth0 inet dhcp\n',
  );
  tree.file('/etc/sysctl.conf', '#kernel.domainname = example.com\n');
  tree.file(
    '/var/lib/dpkg/status',
    packagesOf(persona)
      .map(
        ({ name, version }) =>
          `Package: ${name}\nStatus: install ok installed\nArchitecture: ${debianArch(persona.arch.name)}\nVersion: ${version}\n\n`,
      )
      .join(''),
  );
}

/** A machine's name as Debian's packages have it. */
export function debianArch(name: string): string {
  return { x86_64: 'amd64', aarch64: 'arm64', armv7l: 'armhf' }[name] ?? name;
}

const debianMotd =
  '\nThe programs included with the Debian GNU/Linux system are free software;\nthe exact distribution terms for each program are described in the\nindividual files in /usr/share/doc/*/copyright.\n\nDebian GNU/Linux comes with ABSOLUTELY NO WARRANTY, to the extent\npermitted by applicable law.\n';

/** /usr/lib/os-release of a release. */
export function osRelease({ persona: { system } }: Tree): string {
  const [major] = system.version.split('.');
  if (system.id === 'debian')
    return `PRETTY_NAME="Debian GNU/Linux ${major} (${system.codename})"\nNAME="Debian GNU/Linux"\nVERSION_ID="${major}"\nVERSION="${major} (${system.codename})"\nVERSION_CODENAME=${system.codename}\nID=debian\nHOME_URL="https://www.debian.org/"\nSUPPORT_URL="https://www.debian.org/support"\nBUG_REPORT_URL="https://bugs.debian.org/"\n`;
  const long =
    { focal: 'Focal Fossa', jammy: 'Jammy Jellyfish', noble: 'Noble Numbat' }[system.codename] ?? '';
  return `PRETTY_NAME="Ubuntu ${system.version} LTS"\nNAME="Ubuntu"\nVERSION_ID="${system.version.slice(0, 5)}"\nVERSION="${system.version} LTS (${long})"\nVERSION_CODENAME=${system.codename}\nID=ubuntu\nID_LIKE=debian\nHOME_URL="https://www.ubuntu.com/"\nSUPPORT_URL="https://help.ubuntu.com/"\nBUG_REPORT_URL="https://bugs.launchpad.net/ubuntu/"\nUBUNTU_CODENAME=${system.codename}\n`;
}

/** /etc/group: what every such system has, and one for each account. */
export function groups({ persona: { users, admin } }: Tree): string {
  const fixed: [string, number, string][] =
    'root:0 daemon:1 bin:2 sys:3 adm:4 tty:5 disk:6 lp:7 mail:8 news:9 uucp:10 man:12 proxy:13 kmem:15 dialout:20 fax:21 voice:22 cdrom:24 floppy:25 tape:26 sudo:27 audio:29 dip:30 www-data:33 backup:34 operator:37 list:38 irc:39 src:40 shadow:42 utmp:43 video:44 sasl:45 plugdev:46 staff:50 games:60 users:100 nogroup:65534 systemd-journal:101 systemd-network:102 crontab:104 messagebus:105 _ssh:106'
      .split(' ')
      .map((one) => {
        const [name = '', gid = '0'] = one.split(':');
        return [
          name,
          Number(gid),
          /^(adm|cdrom|sudo|dip|plugdev|users)$/.test(name) && admin !== 'root' ? admin : '',
        ];
      });
  const names = new Set(fixed.map(([name]) => name));
  const ids = new Set(fixed.map(([, gid]) => gid));
  for (const { name, gid } of users) if (!names.has(name) && !ids.has(gid)) fixed.push([name, gid, '']);
  return fixed.map(([name, gid, members]) => `${name}:x:${gid}:${members}\n`).join('');
}
