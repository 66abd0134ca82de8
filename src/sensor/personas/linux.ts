import type { Certificate, Daemon, Persona } from '../persona.ts';
import { day, epoch, type Seed } from './kind.ts';

/** Releases of Linux as `uname -r` and `uname -v` show them, seen in public boot logs and bug reports. */
const kernels: Record<string, readonly (readonly [release: string, built: string])[]> = {
  '22.04': [
    ['5.15.0-130-generic', '#140-Ubuntu SMP Wed Dec 18 17:59:53 UTC 2024'],
    ['5.15.0-144-generic', '#157-Ubuntu SMP Mon Jun 16 07:33:10 UTC 2025'],
    ['5.15.0-151-generic', '#161-Ubuntu SMP Tue Jul 22 14:25:40 UTC 2025'],
  ],
  '20.04': [
    ['5.4.0-205-generic', '#225-Ubuntu SMP Fri Jan 10 22:23:35 UTC 2025'],
    ['5.4.0-216-generic', '#236-Ubuntu SMP Fri Apr 11 19:53:21 UTC 2025'],
    ['5.15.0-139-generic', '#149~20.04.1-Ubuntu SMP Wed Apr 16 08:29:56 UTC 2025'],
  ],
  '12': [
    ['6.1.0-32-amd64', '#1 SMP PREEMPT_DYNAMIC Debian 6.1.129-1 (2025-03-06)'],
    ['6.1.0-37-amd64', '#1 SMP PREEMPT_DYNAMIC Debian 6.1.140-1 (2025-05-22)'],
  ],
};

const systems = {
  '22.04': { id: 'ubuntu', name: 'Ubuntu', version: '22.04', codename: 'jammy' },
  '20.04': { id: 'ubuntu', name: 'Ubuntu', version: '20.04', codename: 'focal' },
  '12': { id: 'debian', name: 'Debian GNU/Linux', version: '12', codename: 'bookworm' },
} as const;

const servers = {
  '22.04': 'openssh-8.9p1-ubuntu22.04',
  '20.04': 'openssh-8.2p1-ubuntu20.04',
  '12': 'openssh-9.2p1-debian12',
} as const;

type Version = keyof typeof systems;

/** A Debian or Ubuntu server: system, kernel, SSH, and when it was last started. */
export function distribution(
  { number, pick }: Seed,
  version: Version,
): Pick<Persona, 'system' | 'kernel' | 'ssh' | 'bootedAt'> {
  const [release, built] = pick('kernel', kernels[version]!);
  return {
    system: systems[version],
    kernel: { release, version: built },
    ssh: servers[version],
    bootedAt: epoch - (number('boot') % (90 * day)),
  };
}

/** What systemd starts on every server, then what this one is for. */
export function systemdDaemons(version: Version, own: readonly Daemon[]): Daemon[] {
  const ubuntu = version !== '12';
  return [
    { user: 'root', sizeKb: 31_248, command: '/lib/systemd/systemd-journald' },
    { user: 'root', sizeKb: 6_452, command: '/lib/systemd/systemd-udevd' },
    { user: 'systemd-timesync', sizeKb: 6_708, command: '/lib/systemd/systemd-timesyncd' },
    ...(ubuntu
      ? [
          { user: 'systemd-network', sizeKb: 8_116, command: '/lib/systemd/systemd-networkd' },
          {
            user: 'systemd-resolve',
            sizeKb: 13_624,
            command: '/lib/systemd/systemd-resolved',
            listens: ['tcp/127.0.0.53:53', 'udp/127.0.0.53:53'],
          },
        ]
      : []),
    {
      user: 'root',
      sizeKb: 2_876,
      command: version === '22.04' ? '/usr/sbin/cron -f -P' : '/usr/sbin/cron -f',
    },
    {
      user: 'messagebus',
      sizeKb: 4_812,
      command:
        version === '20.04'
          ? '/usr/bin/dbus-daemon --system --address=systemd: --nofork --nopidfile --systemd-activation --syslog-only'
          : '@dbus-daemon --system --address=systemd: --nofork --nopidfile --systemd-activation --syslog-only',
    },
    ...(ubuntu ? [{ user: 'syslog', sizeKb: 5_408, command: '/usr/sbin/rsyslogd -n -iNONE' }] : []),
    { user: 'root', sizeKb: 7_452, command: '/lib/systemd/systemd-logind' },
    {
      user: 'root',
      sizeKb: 9_104,
      command: 'sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups',
      listens: ['tcp/22'],
    },
    ...own,
    { user: 'root', sizeKb: 1_084, command: '/sbin/agetty -o -p -- \\u --noclear tty1 linux' },
  ];
}

/** The disk of a server: a partition, or the volume that Ubuntu's installer makes. */
export function serverDisk(
  { number, pick }: Seed,
  version: Version,
  gigabytes: readonly number[],
): Persona['disk'] {
  return {
    device: pick('disk', ['/dev/sda2', version === '12' ? '/dev/sda1' : '/dev/mapper/ubuntu--vg-ubuntu--lv']),
    fileSystem: 'ext4',
    sizeKb: Math.floor(pick('disk-size', gigabytes) * 1_024 * 1_024 * 0.967),
    usedShare: 0.2 + (number('used') % 45) / 100,
  };
}

/** What the package ssl-cert makes at installation (`make-ssl-cert generate-default-snakeoil`). */
export function snakeoil(name: string, from: number): Certificate {
  return {
    subject: { name },
    names: [name],
    from: Math.floor(from / 1_000) * 1_000,
    termMs: 3_650 * day,
    renewed: false,
    authority: false,
  };
}

/** When the machine was installed: half a year to two years before its last start. */
export function installedAt({ number }: Seed, bootedAt: number): number {
  return bootedAt - 180 * day - (number('installed') % (500 * day));
}
