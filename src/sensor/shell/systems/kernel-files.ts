import type { Persona } from '../../persona.ts';
import { mountsOf } from '../disk.ts';
import { loads, memory, upSeconds } from '../machine.ts';
import { cpuinfo } from './cpu.ts';
import type { Tree } from './tree.ts';

/** /proc and /sys of a machine with a distribution's kernel. What belongs to a session is the shell's own. */
export function kernelFiles(tree: Tree): void {
  const { persona } = tree;
  const { cpu, kernel, bootedAt } = persona;
  tree.live('/proc/version', () => versionText(persona));
  tree.live('/proc/cpuinfo', () => cpuinfo(persona));
  tree.live('/proc/meminfo', (now) => meminfo(persona, now));
  tree.live('/proc/uptime', (now) => {
    const up = (now - bootedAt) / 1_000;
    return `${up.toFixed(2)} ${(up * cpu.count * 0.97).toFixed(2)}\n`;
  });
  tree.live('/proc/loadavg', (now) => {
    const text = loads(now)
      .map((one) => one.toFixed(2))
      .join(' ');
    return `${text} 1/${112 + persona.daemons.length} ${4_000 + (Math.floor(now / 7_000) % 20_000)}\n`;
  });
  tree.live('/proc/stat', (now) => stat(persona, now));
  for (const who of ['self', '1']) {
    tree.live(`/proc/${who}/mounts`, () => mountsOf(persona));
    tree.live(`/proc/${who}/maps`, () => '');
    tree.live(`/proc/${who}/environ`, () => (who === '1' ? 'HOME=/\0TERM=linux\0' : ''), 0o400);
    tree.live(`/proc/${who}/cgroup`, () =>
      who === '1' ? '0::/init.scope\n' : '0::/user.slice/user-0.slice/session-1.scope\n',
    );
    tree.live(`/proc/${who}/comm`, () => (who === '1' ? 'systemd\n' : 'bash\n'));
    tree.live(`/proc/${who}/cmdline`, () => (who === '1' ? '/sbin/init\0' : '-bash\0'));
    tree.live(
      `/proc/${who}/status`,
      () =>
        `Name:\t${who === '1' ? 'systemd' : 'bash'}\nUmask:\t0000\nState:\tS (sleeping)\nTgid:\t1\nPid:\t1\nPPid:\t0\nTracerPid:\t0\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n`,
    );
    tree.dir(`/proc/${who}/fd`, { mode: 0o500 });
  }
  tree.link('/proc/self/exe', '/usr/bin/bash', bootedAt);
  tree.link('/proc/1/exe', '/usr/lib/systemd/systemd', bootedAt);
  tree.link('/proc/mounts', 'self/mounts', bootedAt);
  tree.link('/proc/net', 'self/net', bootedAt);
  tree.live('/proc/self/net/dev', (now) => netDev(persona, now));
  tree.live('/proc/self/net/tcp', () => sockets(persona));
  tree.live('/proc/self/net/route', () => routes(persona));
  tree.live(
    '/proc/self/net/arp',
    () =>
      `IP address       HW type     Flags       HW address            Mask     Device\n${persona.address.replace(/\d+$/, '1').padEnd(16)} 0x1         0x2         ${persona.mac.slice(0, 8)}:00:00:01     *        eth0\n`,
  );
  tree.live(
    '/proc/cmdline',
    () => `BOOT_IMAGE=/boot/vmlinuz-${kernel.release} root=UUID=${uuid(persona, 'root')} ro quiet\n`,
  );
  tree.live(
    '/proc/filesystems',
    () =>
      'nodev\tsysfs\nnodev\ttmpfs\nnodev\tbdev\nnodev\tproc\nnodev\tcgroup2\nnodev\tdevtmpfs\nnodev\tdevpts\n\text3\n\text2\n\text4\nnodev\toverlay\n',
  );
  tree.live(
    '/proc/modules',
    () =>
      'overlay 163840 0 - Live 0x0000000000000000\nvirtio_net 69632 0 - Live 0x0000000000000000\nnf_tables 303104 0 - Live 0x0000000000000000\next4 978944 1 - Live 0x0000000000000000\n',
  );
  tree.live('/proc/swaps', () => 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n');
  tree.live('/proc/partitions', () => partitions(persona));
  tree.live('/proc/sys/kernel/hostname', () => `${persona.hostname}\n`, 0o644);
  tree.live('/proc/sys/kernel/osrelease', () => `${kernel.release}\n`);
  tree.live('/proc/sys/kernel/pid_max', () => '4194304\n', 0o644);
  tree.live('/proc/sys/kernel/random/boot_id', () => `${uuid(persona, 'boot-id')}\n`);
  tree.live('/proc/sys/kernel/core_pattern', () => 'core\n', 0o644);
  tree.live('/proc/sys/net/ipv4/ip_forward', () => '0\n', 0o644);
  tree.live('/proc/sys/vm/nr_hugepages', () => '0\n', 0o644);
  tree.live('/proc/sys/vm/drop_caches', () => '0\n', 0o200);
  tree.live('/proc/sysrq-trigger', () => '', 0o200);
  tree.live(
    '/proc/interrupts',
    () => `            CPU0       \n   0:         ${12} IO-APIC   2-edge      timer\n`,
  );
  tree.live('/sys/class/net/eth0/address', () => `${persona.mac}\n`);
  tree.live('/sys/class/net/eth0/operstate', () => 'up\n');
  tree.live('/sys/class/net/eth0/speed', () => '-1\n');
  tree.live('/sys/class/net/lo/address', () => '00:00:00:00:00:00\n');
  for (const [name, text] of [
    ['sys_vendor', persona.product.vendor],
    ['product_name', persona.product.model],
    ['product_serial', persona.product.serial],
    ['product_version', persona.product.firmware],
    ['board_vendor', persona.product.vendor],
    ['bios_vendor', persona.product.vendor],
  ] as const)
    tree.live(`/sys/class/dmi/id/${name}`, () => `${text}\n`, name === 'product_serial' ? 0o400 : 0o444);
  for (let n = 0; n < cpu.count; n++) tree.dir(`/sys/devices/system/cpu/cpu${n}`);
  tree.live('/sys/devices/system/cpu/online', () => `${cpu.count > 1 ? `0-${cpu.count - 1}` : '0'}\n`);
  tree.dir('/sys/kernel/mm/hugepages/hugepages-2048kB');
  tree.live('/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages', () => '0\n', 0o644);
  tree.dir('/sys/fs/cgroup');
  tree.dir('/sys/block');
}

/** A UUID that belongs to this machine. */
export function uuid({ token }: Persona, label: string): string {
  return token(label).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-a$4-$5');
}

/** /proc/version: who built the kernel, and with what. */
function versionText({ system, kernel }: Persona): string {
  const builder =
    system.id === 'debian'
      ? `(debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40)`
      : `(buildd@lcy02-amd64-051) (gcc (Ubuntu 11.4.0-1ubuntu1~22.04) 11.4.0, GNU ld (GNU Binutils for Ubuntu) 2.38)`;
  return `Linux version ${kernel.release} ${builder} ${kernel.version}\n`;
}

function meminfo(persona: Persona, now: number): string {
  const m = memory(persona, now);
  const row = (name: string, kb: number) => `${`${name}:`.padEnd(16)}${String(kb).padStart(8)} kB\n`;
  const active = Math.floor(m.used * 0.4);
  const inactive = Math.floor(m.cache * 0.7);
  return [
    row('MemTotal', m.total),
    row('MemFree', m.free),
    row('MemAvailable', m.available),
    row('Buffers', m.buffers),
    row('Cached', m.cache - m.buffers),
    row('SwapCached', 0),
    row('Active', active),
    row('Inactive', inactive),
    row('SwapTotal', 0),
    row('SwapFree', 0),
    row('Dirty', 64 + (Math.floor(now / 900) % 200)),
    row('Writeback', 0),
    row('AnonPages', active),
    row('Mapped', Math.floor(m.cache * 0.2)),
    row('Shmem', m.shared),
    row('KReclaimable', Math.floor(m.cache * 0.05)),
    row('Slab', Math.floor(m.cache * 0.1)),
    row('CommitLimit', Math.floor(m.total / 2)),
    row('Committed_AS', m.used * 2),
    row('VmallocTotal', 34_359_738_367),
    'HugePages_Total:       0\nHugePages_Free:        0\nHugepagesize:       2048 kB\n',
  ].join('');
}

function stat({ bootedAt, cpu }: Persona, now: number): string {
  const ticks = upSeconds(bootedAt, now) * 100;
  const line = (name: string, n: number) =>
    `${name} ${Math.floor(ticks * 0.011 * n)} ${Math.floor(ticks * 0.0002 * n)} ${Math.floor(ticks * 0.006 * n)} ${Math.floor(ticks * 0.978 * n)} ${Math.floor(ticks * 0.003 * n)} 0 ${Math.floor(ticks * 0.001 * n)} 0 0 0\n`;
  const cores = Array.from({ length: cpu.count }, (_, n) => line(`cpu${n}`, 1)).join('');
  return `${line('cpu ', cpu.count)}${cores}intr ${ticks * 3}\nctxt ${ticks * 9}\nbtime ${Math.floor(bootedAt / 1_000)}\nprocesses ${4_000 + Math.floor(ticks / 900)}\nprocs_running 1\nprocs_blocked 0\n`;
}

/** Bytes and packets of the network card so far. */
export function traffic({ bootedAt }: Persona, now: number) {
  const up = upSeconds(bootedAt, now);
  return { received: up * 1_913, receivedPackets: up * 3, sent: up * 1_207, sentPackets: up * 2 };
}

function netDev(persona: Persona, now: number): string {
  const t = traffic(persona, now);
  const row = (name: string, a: number, b: number, c: number, d: number) =>
    `${name.padStart(6)}: ${String(a).padStart(8)} ${String(b).padStart(7)}    0    0    0     0          0         0 ${String(c).padStart(8)} ${String(d).padStart(7)}    0    0    0     0       0          0\n`;
  return `Inter-|   Receive                                                |  Transmit\n face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n${row('lo', 91_204, 1_022, 91_204, 1_022)}${row('eth0', t.received, t.receivedPackets, t.sent, t.sentPackets)}`;
}

const hex = (ip: string) =>
  ip
    .split('.')
    .reverse()
    .map((part) => Number(part).toString(16).padStart(2, '0').toUpperCase())
    .join('');

function sockets({ daemons }: Persona): string {
  let text =
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
  let n = 0;
  for (const { listens = [] } of daemons)
    for (const one of listens) {
      const found = /^tcp\/(?:([\d.]+):)?(\d+)$/.exec(one);
      if (!found) continue;
      const port = Number(found[2]).toString(16).padStart(4, '0').toUpperCase();
      text += `${String(n).padStart(4)}: ${hex(found[1] ?? '0.0.0.0')}:${port} 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 ${14_000 + n * 37} 1 0000000000000000 100 0 0 10 0                     \n`;
      n++;
    }
  return text;
}

function routes({ address }: Persona): string {
  const net = address.replace(/\d+$/, '0');
  const row = (to: string, by: string, flags: string, mask: string) =>
    `eth0\t${to}\t${by}\t${flags}\t0\t0\t0\t${mask}\t0\t0\t0\n`;
  return `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n${row('00000000', hex(address.replace(/\d+$/, '1')), '0003', '00000000')}${row(hex(net), '00000000', '0001', '00FFFFFF')}`;
}

function partitions({ disk }: Persona): string {
  const whole = disk.device.replace(/^\/dev\//, '').replace(/p?\d+$/, '');
  const part = disk.device.replace(/^\/dev\//, '');
  return `major minor  #blocks  name\n\n   8        0 ${String(disk.sizeKb + 2_048).padStart(10)} ${whole}\n   8        1 ${String(disk.sizeKb).padStart(10)} ${part}\n`;
}
