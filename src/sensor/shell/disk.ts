import type { Persona } from '../persona.ts';

export interface Mount {
  device: string;
  path: string;
  type: string;
  flags: string;
  sizeKb: number;
  usedKb: number;
}

/** What is mounted on a machine with systemd: /proc/mounts, mount and df all show it. */
export function mounted({ disk, memoryKb }: Persona): Mount[] {
  const half = Math.floor(memoryKb / 2);
  const tenth = Math.floor(memoryKb / 10);
  const none = { sizeKb: 0, usedKb: 0 };
  return [
    { device: 'sysfs', path: '/sys', type: 'sysfs', flags: 'rw,nosuid,nodev,noexec,relatime', ...none },
    { device: 'proc', path: '/proc', type: 'proc', flags: 'rw,nosuid,nodev,noexec,relatime', ...none },
    {
      device: 'udev',
      path: '/dev',
      type: 'devtmpfs',
      flags: `rw,nosuid,relatime,size=${half - 3_120}k,nr_inodes=${Math.floor(half / 4)},mode=755,inode64`,
      sizeKb: half - 3_120,
      usedKb: 0,
    },
    {
      device: 'devpts',
      path: '/dev/pts',
      type: 'devpts',
      flags: 'rw,nosuid,noexec,relatime,gid=5,mode=620,ptmxmode=000',
      ...none,
    },
    {
      device: 'tmpfs',
      path: '/run',
      type: 'tmpfs',
      flags: `rw,nosuid,nodev,noexec,relatime,size=${tenth}k,mode=755,inode64`,
      sizeKb: tenth,
      usedKb: 528,
    },
    {
      device: disk.device,
      path: '/',
      type: disk.fileSystem,
      flags: disk.fileSystem === 'ext4' ? 'rw,relatime,errors=remount-ro' : 'rw,relatime',
      sizeKb: Math.floor(disk.sizeKb * 0.983),
      usedKb: Math.floor(disk.sizeKb * disk.usedShare),
    },
    {
      device: 'securityfs',
      path: '/sys/kernel/security',
      type: 'securityfs',
      flags: 'rw,nosuid,nodev,noexec,relatime',
      ...none,
    },
    {
      device: 'tmpfs',
      path: '/dev/shm',
      type: 'tmpfs',
      flags: 'rw,nosuid,nodev,inode64',
      sizeKb: half,
      usedKb: 0,
    },
    {
      device: 'tmpfs',
      path: '/run/lock',
      type: 'tmpfs',
      flags: 'rw,nosuid,nodev,noexec,relatime,size=5120k,inode64',
      sizeKb: 5_120,
      usedKb: 0,
    },
    {
      device: 'cgroup2',
      path: '/sys/fs/cgroup',
      type: 'cgroup2',
      flags: 'rw,nosuid,nodev,noexec,relatime,nsdelegate,memory_recursiveprot',
      ...none,
    },
    {
      device: 'hugetlbfs',
      path: '/dev/hugepages',
      type: 'hugetlbfs',
      flags: 'rw,relatime,pagesize=2M',
      ...none,
    },
    {
      device: 'mqueue',
      path: '/dev/mqueue',
      type: 'mqueue',
      flags: 'rw,nosuid,nodev,noexec,relatime',
      ...none,
    },
    {
      device: 'tmpfs',
      path: '/run/user/0',
      type: 'tmpfs',
      flags: `rw,nosuid,nodev,relatime,size=${tenth - 4}k,nr_inodes=${Math.floor(tenth / 4)},mode=700,inode64`,
      sizeKb: tenth - 4,
      usedKb: 0,
    },
  ];
}

export function mountsOf(persona: Persona): string {
  return mounted(persona)
    .map(({ device, path, type, flags }) => `${device} ${path} ${type} ${flags} 0 0\n`)
    .join('');
}
