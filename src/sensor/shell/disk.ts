import type { ContainerView, Persona } from '../persona.ts';

export interface Mount {
  device: string;
  path: string;
  type: string;
  flags: string;
  sizeKb: number;
  usedKb: number;
}

/** What is mounted on a machine with systemd: /proc/mounts, mount and df all show it. */
export function mounted(persona: Persona): Mount[] {
  if (persona.container) return inContainer(persona, persona.container);
  const { disk, memoryKb } = persona;
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

/** What a container sees, on a machine with version 2 of control groups. */
function inContainer({ disk }: Persona, { layer, binds }: ContainerView): Mount[] {
  const none = { sizeKb: 0, usedKb: 0 };
  const size = { sizeKb: Math.floor(disk.sizeKb * 0.983), usedKb: Math.floor(disk.sizeKb * disk.usedShare) };
  const folder = layer.replace(/[^/]*$/, '');
  const short = (n: number) => `${folder}l/${layer.slice(-52 - n, -26 - n).toUpperCase()}`;
  const own = { device: disk.device, type: disk.fileSystem };
  const shm = { sizeKb: 65_536, usedKb: 0 };
  return [
    {
      device: 'overlay',
      path: '/',
      type: 'overlay',
      flags: `rw,relatime,lowerdir=${short(0)}:${short(7)},upperdir=${layer}/diff,workdir=${layer}/work`,
      ...size,
    },
    { device: 'proc', path: '/proc', type: 'proc', flags: 'rw,nosuid,nodev,noexec,relatime', ...none },
    { device: 'tmpfs', path: '/dev', type: 'tmpfs', flags: 'rw,nosuid,size=65536k,mode=755,inode64', ...shm },
    {
      device: 'devpts',
      path: '/dev/pts',
      type: 'devpts',
      flags: 'rw,nosuid,noexec,relatime,gid=5,mode=620,ptmxmode=666',
      ...none,
    },
    { device: 'sysfs', path: '/sys', type: 'sysfs', flags: 'ro,nosuid,nodev,noexec,relatime', ...none },
    {
      device: 'cgroup',
      path: '/sys/fs/cgroup',
      type: 'cgroup2',
      flags: 'ro,nosuid,nodev,noexec,relatime,nsdelegate,memory_recursiveprot',
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
      device: 'shm',
      path: '/dev/shm',
      type: 'tmpfs',
      flags: 'rw,nosuid,nodev,noexec,relatime,size=65536k,inode64',
      ...shm,
    },
    ...binds.map(({ path, readOnly }) => ({
      ...own,
      path,
      flags: `${readOnly ? 'ro' : 'rw'},relatime`,
      ...size,
    })),
    ...['/etc/resolv.conf', '/etc/hostname', '/etc/hosts'].map((path) => ({
      ...own,
      path,
      flags: 'rw,relatime',
      ...size,
    })),
  ];
}

export function mountsOf(persona: Persona): string {
  return mounted(persona)
    .map(({ device, path, type, flags }) => `${device} ${path} ${type} ${flags} 0 0\n`)
    .join('');
}
