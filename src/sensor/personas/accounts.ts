import type { User } from '../persona.ts';

/** Accounts from lines as /etc/passwd has them, without the password's place. */
export function accounts(text: string): User[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [name = '', uid = '', gid = '', comment = '', home = '', shell = ''] = line.trim().split(':');
      return { name, uid: Number(uid), gid: Number(gid), comment, home, shell };
    });
}

/** Debian's and Ubuntu's base-passwd, in its order. */
const base = `root:0:0:root:/root:/bin/bash
daemon:1:1:daemon:/usr/sbin:/usr/sbin/nologin
bin:2:2:bin:/bin:/usr/sbin/nologin
sys:3:3:sys:/dev:/usr/sbin/nologin
sync:4:65534:sync:/bin:/bin/sync
games:5:60:games:/usr/games:/usr/sbin/nologin
man:6:12:man:/var/cache/man:/usr/sbin/nologin
lp:7:7:lp:/var/spool/lpd:/usr/sbin/nologin
mail:8:8:mail:/var/mail:/usr/sbin/nologin
news:9:9:news:/var/spool/news:/usr/sbin/nologin
uucp:10:10:uucp:/var/spool/uucp:/usr/sbin/nologin
proxy:13:13:proxy:/bin:/usr/sbin/nologin
www-data:33:33:www-data:/var/www:/usr/sbin/nologin
backup:34:34:backup:/var/backups:/usr/sbin/nologin
list:38:38:Mailing List Manager:/var/list:/usr/sbin/nologin`;

const systems = {
  '20.04': `irc:39:39:ircd:/var/run/ircd:/usr/sbin/nologin
gnats:41:41:Gnats Bug-Reporting System (admin):/var/lib/gnats:/usr/sbin/nologin
nobody:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
systemd-network:100:102:systemd Network Management,,,:/run/systemd:/usr/sbin/nologin
systemd-resolve:101:103:systemd Resolver,,,:/run/systemd:/usr/sbin/nologin
systemd-timesync:102:104:systemd Time Synchronization,,,:/run/systemd:/usr/sbin/nologin
messagebus:103:106::/nonexistent:/usr/sbin/nologin
syslog:104:110::/home/syslog:/usr/sbin/nologin
_apt:105:65534::/nonexistent:/usr/sbin/nologin
tss:106:111:TPM software stack,,,:/var/lib/tpm:/bin/false
uuidd:107:112::/run/uuidd:/usr/sbin/nologin
tcpdump:108:113::/nonexistent:/usr/sbin/nologin
landscape:109:115::/var/lib/landscape:/usr/sbin/nologin
pollinate:110:1::/var/cache/pollinate:/bin/false
usbmux:111:46:usbmux daemon,,,:/var/lib/usbmux:/usr/sbin/nologin
sshd:112:65534::/run/sshd:/usr/sbin/nologin
systemd-coredump:999:999:systemd Core Dumper:/:/usr/sbin/nologin`,
  '22.04': `irc:39:39:ircd:/run/ircd:/usr/sbin/nologin
gnats:41:41:Gnats Bug-Reporting System (admin):/var/lib/gnats:/usr/sbin/nologin
nobody:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
_apt:100:65534::/nonexistent:/usr/sbin/nologin
systemd-network:101:102:systemd Network Management,,,:/run/systemd:/usr/sbin/nologin
systemd-resolve:102:103:systemd Resolver,,,:/run/systemd:/usr/sbin/nologin
messagebus:103:104::/nonexistent:/usr/sbin/nologin
systemd-timesync:104:105:systemd Time Synchronization,,,:/run/systemd:/usr/sbin/nologin
pollinate:105:1::/var/cache/pollinate:/bin/false
sshd:106:65534::/run/sshd:/usr/sbin/nologin
syslog:107:113::/home/syslog:/usr/sbin/nologin
uuidd:108:114::/run/uuidd:/usr/sbin/nologin
tcpdump:109:115::/nonexistent:/usr/sbin/nologin
tss:110:116:TPM software stack,,,:/var/lib/tpm:/bin/false
landscape:111:117::/var/lib/landscape:/usr/sbin/nologin
usbmux:112:46:usbmux daemon,,,:/var/lib/usbmux:/usr/sbin/nologin`,
  '12': `irc:39:39:ircd:/run/ircd:/usr/sbin/nologin
_apt:42:65534::/nonexistent:/usr/sbin/nologin
nobody:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
systemd-network:998:998:systemd Network Management:/:/usr/sbin/nologin
systemd-timesync:997:997:systemd Time Synchronization:/:/usr/sbin/nologin
messagebus:100:107::/nonexistent:/usr/sbin/nologin
sshd:101:65534::/run/sshd:/usr/sbin/nologin`,
};

/** What packages add, in the order in which they were installed. */
const added = {
  mysql: 'MySQL Server,,,:/nonexistent:/bin/false',
  postgres: 'PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash',
  redis: ':/var/lib/redis:/usr/sbin/nologin',
  postfix: ':/var/spool/postfix:/usr/sbin/nologin',
  bind: ':/var/cache/bind:/usr/sbin/nologin',
  dovecot: 'Dovecot mail server,,,:/usr/lib/dovecot:/usr/sbin/nologin',
  ftp: 'ftp daemon,,,:/srv/ftp:/usr/sbin/nologin',
  memcache: 'Memcached,,,:/nonexistent:/bin/false',
  mongodb: ':/home/mongodb:/usr/sbin/nologin',
  elasticsearch: ':/nonexistent:/bin/false',
  openldap: 'OpenLDAP Server Account,,,:/var/lib/ldap:/bin/false',
  ollama: ':/usr/share/ollama:/bin/false',
  etcd: ':/var/lib/etcd:/usr/sbin/nologin',
  asterisk: 'Asterisk PBX daemon,,,:/var/lib/asterisk:/usr/sbin/nologin',
} as const;

/** Those of the system itself: with `bare`, only those of an image for containers. */
export function systemAccounts(version: keyof typeof systems, bare = false): User[] {
  const list = accounts(`${base}\n${systems[version]}`);
  return bare ? list.filter(({ uid, name }) => uid < 100 || name === '_apt' || name === 'nobody') : list;
}

/** The accounts of a Debian or Ubuntu machine: the system's, those of its packages, the administrator, who installed it. */
export function debianAccounts(
  version: keyof typeof systems,
  packages: readonly (keyof typeof added)[],
  admin: string,
): User[] {
  const list = systemAccounts(version);
  let uid = Math.max(...list.filter((one) => one.uid < 200).map((one) => one.uid)) + 1;
  let gid = 119;
  for (const name of packages) list.push(...accounts(`${name}:${uid++}:${gid++}:${added[name]}`));
  list.push(...accounts(`${admin}:1000:1000:${admin}:/home/${admin}:/bin/bash`));
  return list;
}
