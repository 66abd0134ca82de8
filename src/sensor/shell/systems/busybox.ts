import { seeded } from '../../../kit/seeded.ts';
import type { Persona } from '../../persona.ts';
import { commandList } from '../commands/index.ts';
import { busyboxProgram } from '../elf.ts';
import { type FileNode, Image } from '../fs.ts';
import { loads, memory, upSeconds } from '../machine.ts';
import { cpuinfo } from './cpu.ts';

const folders =
  '/bin /boot /dev /dev/pts /dev/shm /etc /etc/init.d /etc/nginx /home /lib /mnt /opt /proc /proc/self /proc/1 /root /root/.ssh /run /sbin /sys /sys/class /tmp /usr /usr/bin /usr/sbin /usr/lib /usr/share /usr/local /usr/local/bin /var /var/lib /var/lib/redis /var/log /var/run /var/spool /var/spool/cron /var/spool/cron/crontabs /var/tmp /var/www /var/www/html /volume1 /volume1/backup /volume1/public'.split(
    ' ',
  );

/** The files of a BusyBox device. */
export function busyboxImage(persona: Persona): Image {
  const image = new Image();
  const dice = seeded(Number.parseInt(persona.token('image', 8), 16));
  const built = persona.web.modifiedAt;
  const mtime = () => built - Math.floor(dice() * 3_600_000);
  const common = { uid: 0, gid: 0 };
  const file = (path: string, content: Buffer | string | ((now: number) => Buffer), mode = 0o644) => {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : content;
    image.add(path, { ...common, kind: 'file', mode, mtime: mtime(), content: bytes });
  };
  const live = (path: string, text: (now: number) => string, mode = 0o444) =>
    image.add(path, {
      ...common,
      kind: 'file',
      mode,
      mtime: persona.bootedAt,
      size: 0,
      content: (now) => Buffer.from(text(now), 'latin1'),
    });

  for (const path of folders) {
    const open = path === '/tmp' || path === '/var/tmp' || path === '/dev/shm';
    image.add(path, {
      ...common,
      kind: 'dir',
      mode: open ? 0o1777 : path.startsWith('/root') ? 0o700 : 0o755,
      mtime: mtime(),
    });
  }
  const device: FileNode = { ...common, kind: 'device', mode: 0o666, mtime: persona.bootedAt };
  for (const name of ['null', 'zero', 'tty', 'console', 'random', 'urandom', 'watchdog', 'stdout'])
    image.add(`/dev/${name}`, device);

  const busybox = busyboxProgram(persona);
  file('/bin/busybox', busybox, 0o755);
  for (const { names, folder } of commandList) {
    if (folder)
      for (const name of names) if (!notFiles.has(name)) program(image, persona, folder, name, mtime());
  }
  for (const name of ['echo', 'printf', 'pwd', 'true', 'false', 'test'])
    program(image, persona, '/bin', name, mtime());

  file(
    '/etc/passwd',
    persona.users
      .map(
        ({ name, uid, gid, comment, home, shell }) => `${name}:x:${uid}:${gid}:${comment}:${home}:${shell}\n`,
      )
      .join(''),
  );
  file(
    '/etc/shadow',
    `root:$1$${persona.token('salt', 8)}$${persona.token('shadow', 22)}:18500:0:99999:7:::\n${persona.admin}:$1$${persona.token('salt2', 8)}$${persona.token('shadow2', 22)}:18500:0:99999:7:::\n`,
    0o600,
  );
  file('/etc/group', `root:x:0:root\nwheel:x:10:root\nusers:x:100:\nwww:x:33:\n`);
  file('/etc/hostname', `${persona.hostname}\n`);
  file('/etc/hosts', `127.0.0.1\tlocalhost\n${persona.address}\t${persona.hostname}\n`);
  file('/etc/resolv.conf', `nameserver ${persona.address.replace(/\d+$/, '1')}\n`);
  file('/etc/issue', `${persona.product.vendor} ${persona.product.model}\n`);
  file('/etc/machine-id', `${persona.machineId}\n`);
  file('/etc/version', `${persona.product.firmware}\n`);
  file(
    '/etc/inittab',
    '::sysinit:/etc/init.d/rcS\n::respawn:/sbin/getty -L ttyS0 115200 vt100\n::shutdown:/bin/umount -a -r\n',
  );
  file(
    '/etc/init.d/rcS',
    '#!/bin/sh\nfor i in /etc/init.d/S??*; do [ -x "$i" ] && "$i" start; done\n',
    0o755,
  );
  file('/root/.profile', 'export PATH=/usr/local/bin:/usr/bin:/usr/sbin:/bin:/sbin\n');
  file('/var/log/messages', '');

  const { cpu, kernel } = persona;
  live(
    '/proc/version',
    () => `Linux version ${kernel.release} (build@fw) (gcc version 7.5.0 (GCC)) ${kernel.version}\n`,
  );
  live('/proc/cpuinfo', () => cpuinfo(persona));
  live('/proc/meminfo', (now) => {
    const m = memory(persona, now);
    const row = (name: string, kb: number) => `${`${name}:`.padEnd(16)}${String(kb).padStart(8)} kB\n`;
    return (
      row('MemTotal', m.total) +
      row('MemFree', m.free) +
      row('MemAvailable', m.available) +
      row('Buffers', m.buffers) +
      row('Cached', m.cache - m.buffers) +
      row('SwapCached', 0) +
      row('SwapTotal', 0) +
      row('SwapFree', 0)
    );
  });
  live('/proc/uptime', (now) => {
    const up = upSeconds(persona.bootedAt, now);
    return `${up}.31 ${Math.floor(up * cpu.count * 0.94)}.07\n`;
  });
  live(
    '/proc/loadavg',
    (now) =>
      `${loads(now)
        .map((one) => one.toFixed(2))
        .join(' ')} 1/97 ${2_000 + (Math.floor(now / 1_000) % 20_000)}\n`,
  );
  live('/proc/mounts', () => mounts(persona));
  live('/proc/1/mounts', () => mounts(persona));
  live('/proc/self/mounts', () => mounts(persona));
  live('/proc/self/cmdline', () => '-sh\0');
  image.add('/proc/self/exe', {
    ...common,
    kind: 'link',
    mode: 0o777,
    mtime: persona.bootedAt,
    target: '/bin/busybox',
  });
  live('/proc/cmdline', () => 'console=ttyS0,115200 root=/dev/sda2 rw\n');
  live('/proc/filesystems', () => 'nodev\tsysfs\nnodev\ttmpfs\nnodev\tproc\n\text4\n');
  live('/proc/modules', () => '');
  return image;
}

/** Names that are known but are no programs of this machine. */
const notFiles = new Set(['bash', 'dir']);

function program(image: Image, persona: Persona, folder: string, name: string, mtime: number): void {
  const path = `${folder}/${name}`;
  if (image.get(path)) return;
  if (name === 'curl') {
    image.add(path, {
      kind: 'file',
      mode: 0o755,
      uid: 0,
      gid: 0,
      mtime,
      size: 219_544,
      content: () => busyboxProgram(persona)().subarray(0, 219_544),
    });
  } else image.add(path, { kind: 'link', mode: 0o777, uid: 0, gid: 0, mtime, target: '/bin/busybox' });
}

function mounts(persona: Persona): string {
  const half = Math.floor(persona.memoryKb / 2);
  return [
    '/dev/root / ext4 rw,relatime,data=ordered 0 0',
    `devtmpfs /dev devtmpfs rw,relatime,size=${half}k,nr_inodes=${Math.floor(half / 4)},mode=755 0 0`,
    'proc /proc proc rw,relatime 0 0',
    'sysfs /sys sysfs rw,relatime 0 0',
    'devpts /dev/pts devpts rw,relatime,gid=5,mode=620,ptmxmode=666 0 0',
    'tmpfs /dev/shm tmpfs rw,relatime 0 0',
    'tmpfs /tmp tmpfs rw,relatime 0 0',
    '/dev/sda3 /volume1 ext4 rw,relatime,data=ordered 0 0',
    '',
  ].join('\n');
}
