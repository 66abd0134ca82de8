// Over 300 lines: what tells of the machine; every figure comes from the one model.
import { census, programOf } from '../../census.ts';
import { mounted } from '../../disk.ts';
import { clockText, loads, memory, upSeconds } from '../../machine.ts';
import type { Call, ShellCommand } from '../../shell.ts';
import { processorOf } from '../../systems/cpu.ts';
import { uuid } from '../../systems/kernel-files.ts';
import { humanSize } from './ls.ts';
import { getopt, program, quoted } from './getopt.ts';

const uname = program('uname arch', (call) => {
  const { persona } = call.hooks;
  if (call.args[0] === 'arch') {
    call.out(`${persona.arch.name}\n`);
    return 0;
  }
  const long = { all: 'a', 'kernel-name': 's', nodename: 'n', 'kernel-release': 'r', 'kernel-version': 'v', machine: 'm', processor: 'p', 'hardware-platform': 'i', 'operating-system': 'o' };
  const options = getopt(call, 'asnrvmpio', long);
  if (!options) return 1;
  const { flags, words } = options;
  if (words.length) {
    call.err(`uname: extra operand ${quoted(call, words[0]!)}\nTry 'uname --help' for more information.\n`);
    return 1;
  }
  const all = flags.has('a');
  const parts: [string, string][] = [
    ['s', 'Linux'],
    ['n', persona.hostname],
    ['r', persona.kernel.release],
    ['v', persona.kernel.version],
    ['m', persona.arch.name],
    ['p', all ? '' : persona.system.id === 'ubuntu' ? persona.arch.name : 'unknown'],
    ['i', all ? '' : persona.system.id === 'ubuntu' ? persona.arch.name : 'unknown'],
    ['o', 'GNU/Linux'],
  ];
  if (all && persona.system.id === 'ubuntu') for (const part of parts) if (part[0] === 'p' || part[0] === 'i') part[1] = persona.arch.name;
  const shown = parts.filter(([flag, text]) => (all || flags.has(flag)) && text).map(([, text]) => text);
  call.out(`${(shown.length ? shown : ['Linux']).join(' ')}\n`);
  return 0;
});

const hostname = program('hostname', (call) => {
  const { persona } = call.hooks;
  const flag = call.args.find((arg) => arg.startsWith('-'));
  if (flag === '-I' || flag === '--all-ip-addresses') call.out(`${persona.address} \n`);
  else if (flag === '-i') call.out('127.0.1.1\n');
  else if (flag === '-d' || flag === '--domain') call.out('\n');
  else if (call.args.length > 1 && !flag) return call.shell.identity.uid === 0 ? 0 : fail(call, 'hostname: you must be root to change the host name');
  else call.out(`${persona.hostname}\n`);
  return 0;
});

function fail(call: Call, text: string, status = 1): number {
  call.err(`${text}\n`);
  return status;
}

const hostnamectl = program('hostnamectl', ({ hooks: { persona }, out }) => {
  const { system, kernel, arch, product, machineId } = persona;
  const name = system.id === 'ubuntu' ? `Ubuntu ${system.version} LTS` : `Debian GNU/Linux ${system.version.split('.')[0]} (${system.codename})`;
  const rows: [string, string][] = [
    ['Static hostname', persona.hostname],
    ['Icon name', 'computer-vm'],
    ['Chassis', 'vm'],
    ['Machine ID', machineId],
    ['Boot ID', uuid(persona, 'boot-id').replaceAll('-', '')],
    ['Virtualization', 'kvm'],
    ['Operating System', name],
    ['Kernel', `Linux ${kernel.release}`],
    ['Architecture', arch.name.replace('x86_64', 'x86-64').replace('aarch64', 'arm64')],
    ['Hardware Vendor', product.vendor],
    ['Hardware Model', product.model],
    ['Firmware Version', product.firmware],
  ];
  out(rows.map(([key, value]) => `${key.padStart(16)}: ${value}\n`).join(''));
  return 0;
});

const nproc = program('nproc', (call) => {
  const options = getopt(call, '', { all: 'all', ignore: 'ignore:' });
  if (!options) return 1;
  call.out(`${Math.max(1, call.hooks.persona.cpu.count - Number(options.flags.get('ignore') ?? 0))}\n`);
  return 0;
});

const lscpu = program('lscpu', (call) => {
  if (!getopt(call, 'abcehJpsxyB', { all: 'a', json: 'J', extended: 'e', parse: 'p' })) return 1;
  const { persona } = call.hooks;
  const { cpu, arch } = persona;
  const x86 = arch.name === 'x86_64';
  const p = processorOf(persona);
  const rows: [string, string][] = [
    ['Architecture:', arch.name],
    ['  CPU op-mode(s):', arch.elfClass === 64 ? '32-bit, 64-bit' : '32-bit'],
    ...(x86 ? ([['  Address sizes:', p.bits]] as [string, string][]) : []),
    ['  Byte Order:', arch.littleEndian ? 'Little Endian' : 'Big Endian'],
    ['CPU(s):', String(cpu.count)],
    ['  On-line CPU(s) list:', cpu.count > 1 ? `0-${cpu.count - 1}` : '0'],
    ['Vendor ID:', x86 ? p.vendor : 'ARM'],
    ['  Model name:', cpu.model],
    ...(x86
      ? ([
          ['    CPU family:', String(p.family)],
          ['    Model:', String(p.model)],
          ['    Thread(s) per core:', '1'],
          ['    Core(s) per socket:', String(cpu.count)],
          ['    Socket(s):', '1'],
          ['    Stepping:', String(p.stepping)],
          ['    BogoMIPS:', cpu.bogoMips.toFixed(2)],
          ['    Flags:', p.flags],
          ['Virtualization features:', ''],
          ['  Hypervisor vendor:', 'KVM'],
          ['  Virtualization type:', 'full'],
        ] as [string, string][])
      : ([['    BogoMIPS:', cpu.bogoMips.toFixed(2)]] as [string, string][])),
    ['NUMA:', ''],
    ['  NUMA node(s):', '1'],
    ['  NUMA node0 CPU(s):', cpu.count > 1 ? `0-${cpu.count - 1}` : '0'],
  ];
  call.out(rows.map(([key, value]) => `${value === '' ? `${key} ` : key.padEnd(34) + value}`.trimEnd()).join('\n'));
  call.out('\n');
  return 0;
});

const free = program('free', (call) => {
  const options = getopt(call, 'bkmghltwvs:c:V', { bytes: 'b', kibi: 'k', mebi: 'm', gibi: 'g', human: 'h', total: 't', wide: 'w', mega: 'm', giga: 'g' });
  if (!options) return 1;
  const { flags } = options;
  const m = memory(call.hooks.persona, call.hooks.now());
  const show = (kb: number) => {
    if (flags.has('h')) {
      if (kb === 0) return '0B';
      const bytes = kb * 1_024;
      const unit = Math.min(4, Math.floor(Math.log(bytes) / Math.log(1_024)));
      const value = bytes / 1_024 ** unit;
      return `${value >= 9.95 || unit === 0 ? Math.round(value) : value.toFixed(1)}${['B', 'Ki', 'Mi', 'Gi', 'Ti'][unit]}`;
    }
    return String(flags.has('b') ? kb * 1_024 : Math.floor(kb / (flags.has('m') ? 1_024 : flags.has('g') ? 1_048_576 : 1)));
  };
  const row = (name: string, ...cells: number[]) => `${name.padEnd(8)}${cells.map((cell) => show(cell).padStart(12)).join('')}\n`.replace(/^(.{8}) {0}/, '$1');
  call.out('               total        used        free      shared  buff/cache   available\n');
  call.out(row('Mem:', m.total, m.used, m.free, m.shared, m.cache, m.available));
  call.out(row('Swap:', 0, 0, 0));
  if (flags.has('t')) call.out(row('Total:', m.total, m.used, m.free));
  return 0;
});

/** ` 12:00:00 up 3 days,  4:05,  1 user,  load average: …`. */
export function uptimeLine({ hooks }: Pick<Call, 'hooks'>): string {
  const now = hooks.now();
  const minutes = Math.floor(upSeconds(hooks.persona.bootedAt, now) / 60);
  const days = Math.floor(minutes / 1_440);
  const hours = Math.floor((minutes % 1_440) / 60);
  const since = hours ? `${String(hours).padStart(2)}:${String(minutes % 60).padStart(2, '0')}` : `${minutes % 60} min`;
  const load = loads(now).map((one) => one.toFixed(2)).join(', ');
  return ` ${clockText(now)} up ${days ? `${days} day${days > 1 ? 's' : ''}, ` : ''}${since},  1 user,  load average: ${load}`;
}

const uptime = program('uptime', (call) => {
  const { hooks, out, args } = call;
  const { bootedAt } = hooks.persona;
  if (args[1] === '-s' || args[1] === '--since') out(`${new Date(bootedAt).toISOString().slice(0, 19).replace('T', ' ')}\n`);
  else if (args[1] === '-p' || args[1] === '--pretty') {
    const minutes = Math.floor(upSeconds(bootedAt, hooks.now()) / 60);
    const parts = [[Math.floor(minutes / 10_080), 'week'], [Math.floor((minutes % 10_080) / 1_440), 'day'], [Math.floor((minutes % 1_440) / 60), 'hour'], [minutes % 60, 'minute']] as const;
    out(`up ${parts.filter(([n]) => n).map(([n, unit]) => `${n} ${unit}${n > 1 ? 's' : ''}`).join(', ')}\n`);
  } else out(`${uptimeLine(call)}\n`);
  return 0;
});

const df = program('df', (call) => {
  const options = getopt(call, 'aB:hHiklmPt:Tx:', { human: 'h', 'human-readable': 'h', 'print-type': 'T', all: 'a', inodes: 'i', portability: 'P', type: 't:' });
  if (!options) return 1;
  const { flags, words } = options;
  const { fs, shell, hooks } = call;
  const all = mounted(hooks.persona);
  let rows = all.filter(({ sizeKb }) => flags.has('a') || sizeKb > 0);
  if (flags.has('t')) rows = rows.filter(({ type }) => type === flags.get('t'));
  let status = 0;
  if (words.length) {
    rows = words.flatMap((word) => {
      if (!fs.exists(shell.path(word))) {
        call.err(`df: ${word}: No such file or directory\n`);
        status = 1;
        return [];
      }
      const real = fs.resolve(shell.path(word));
      return [...all].filter(({ path, device }) => device === real || real === path || path === '/' || real.startsWith(`${path}/`)).sort((a, b) => b.path.length - a.path.length).slice(0, 1);
    });
    if (rows.length === 0) return status;
  }
  const human = flags.has('h') || flags.has('H');
  const by = flags.has('m') ? 1_024 : 1;
  const size = (kb: number) => (human ? (kb === 0 ? '0' : humanSize(kb * 1_024)) : String(Math.ceil(kb / by)));
  const head = ['Filesystem', ...(flags.has('T') ? ['Type'] : []), human ? 'Size' : flags.has('m') ? '1M-blocks' : flags.has('P') ? '1024-blocks' : '1K-blocks', 'Used', human ? 'Avail' : 'Available', flags.has('P') ? 'Capacity' : 'Use%', 'Mounted on'];
  const table = [head, ...rows.map(({ device, type, path, sizeKb, usedKb }) => {
    const free = path === '/' ? Math.max(0, sizeKb - usedKb - Math.floor(sizeKb * 0.051)) : sizeKb - usedKb;
    const share = sizeKb ? `${Math.ceil((100 * usedKb) / (usedKb + free))}%` : '-';
    return [device, ...(flags.has('T') ? [type] : []), size(sizeKb), size(usedKb), size(free), share, path];
  })];
  call.out(tabled(table, new Set(flags.has('T') ? [0, 1, 6] : [0, 5]), human ? 5 : 9));
  return status;
});

/** Rows as coreutils' df sets them: these columns to the left, the others to the right. */
function tabled(rows: string[][], left: Set<number>, least: number): string {
  const widths = rows[0]!.map((_, c) => Math.max(...rows.map((row) => row[c]!.length), c === 0 ? 14 : 0));
  const sized = widths.map((width, c) => (!left.has(c) && rows[0]![c] !== 'Use%' && c < rows[0]!.length - 2 ? Math.max(width, Math.min(least, 5)) : width));
  return rows.map((row) => `${row.map((cell, c) => (c === row.length - 1 ? cell : left.has(c) ? cell.padEnd(sized[c]!) : cell.padStart(sized[c]!))).join(' ')}\n`).join('');
}

const lsblk = program('lsblk blkid fdisk', (call) => {
  const { persona } = call.hooks;
  const { device, sizeKb, fileSystem } = persona.disk;
  const part = device.replace('/dev/', '');
  const whole = part.replace(/p?\d+$/, '') || part;
  const size = (kb: number) => humanSize(kb * 1_024).replace(/\.0(?=[A-Z])/, '');
  if (call.args[0] === 'blkid') call.out(`${device}: UUID="${uuid(persona, 'root')}" BLOCK_SIZE="4096" TYPE="${fileSystem}" PARTUUID="${uuid(persona, 'part')}"\n`);
  else if (call.args[0] === 'fdisk') {
    const bytes = (sizeKb + 2_048) * 1_024;
    call.out(`Disk /dev/${whole}: ${((sizeKb + 2_048) / 1_048_576).toFixed(0)} GiB, ${bytes} bytes, ${bytes / 512} sectors\nUnits: sectors of 1 * 512 = 512 bytes\nSector size (logical/physical): 512 bytes / 512 bytes\n`);
  } else {
    const head = 'NAME   MAJ:MIN RM  SIZE RO TYPE MOUNTPOINTS';
    call.out(`${head}\n${whole.padEnd(6)}   8:0    0 ${size(sizeKb + 2_048).padStart(5)}  0 disk \n${`\xe2\x94\x94\xe2\x94\x80${part}`.padEnd(10)}   8:1    0 ${size(sizeKb).padStart(5)}  0 part /\n`);
  }
  return 0;
});

const mount = program('mount umount findmnt swapon swapoff', (call) => {
  const { args, hooks, out, shell, fs } = call;
  const words = args.slice(1).filter((arg, i) => !arg.startsWith('-') && !/^-[ot]$/.test(args[i] ?? ''));
  if (args[0] === 'umount') {
    const target = words[0];
    if (target === undefined) return fail(call, 'umount: bad usage\nTry \'umount --help\' for more information.');
    if (mounted(hooks.persona).some(({ path }) => path === target)) return fail(call, `umount: ${target}: target is busy.`, 32);
    return fs.exists(shell.path(target)) ? fail(call, `umount: ${target}: not mounted.`, 32) : fail(call, `umount: ${target}: no mount point specified.`, 32);
  }
  if (args[0]!.startsWith('swap')) return 0;
  if (words.length === 0) {
    out(mounted(hooks.persona).map(({ device, path, type, flags }) => `${device} on ${path} type ${type} (${flags})\n`).join(''));
    return 0;
  }
  if (shell.identity.uid !== 0) return fail(call, `mount: ${words.at(-1)}: must be superuser to use mount.`, 32);
  if (args.includes('--bind') || args.some((arg) => /remount/.test(arg)) || args.includes('tmpfs') || args.includes('proc')) return 0;
  if (words.length === 1) return fail(call, `mount: ${words[0]}: can't find in /etc/fstab.`, 32);
  return fail(call, fs.exists(shell.path(words[1]!)) ? `mount: ${words[1]}: special device ${words[0]} does not exist.` : `mount: ${words[1]}: mount point does not exist.`, 32);
});

const hardware: ShellCommand[] = [
  program('lspci', ({ out }) => {
    out('00:00.0 Host bridge: Intel Corporation 440FX - 82441FX PMC [Natoma] (rev 02)\n00:01.0 ISA bridge: Intel Corporation 82371SB PIIX3 ISA [Natoma/Triton II]\n00:01.1 IDE interface: Intel Corporation 82371SB PIIX3 IDE [Natoma/Triton II]\n00:01.3 Bridge: Intel Corporation 82371AB/EB/MB PIIX4 ACPI (rev 03)\n00:02.0 VGA compatible controller: Device 1234:1111 (rev 02)\n00:03.0 Ethernet controller: Red Hat, Inc. Virtio network device\n00:04.0 SCSI storage controller: Red Hat, Inc. Virtio block device\n');
    return 0;
  }),
  program('lsusb', () => 0),
  program('lsmod', ({ out }) => {
    out('Module                  Size  Used by\noverlay               163840  0\nnf_tables             303104  0\nvirtio_net             69632  0\next4                  978944  1\n');
    return 0;
  }),
  program('modprobe insmod rmmod depmod', (call) => (call.shell.identity.uid === 0 ? 0 : fail(call, `${call.args[0]}: ERROR: could not insert '${call.args[1] ?? ''}': Operation not permitted`))),
  program('dmidecode', (call) => {
    if (call.shell.identity.uid !== 0) return fail(call, '/dev/mem: Permission denied');
    const { product, machineId, memoryKb } = call.hooks.persona;
    const at = call.args.indexOf('-s');
    const named: Record<string, string> = { 'system-manufacturer': product.vendor, 'system-product-name': product.model, 'system-serial-number': product.serial, 'bios-vendor': product.vendor, 'bios-version': product.firmware };
    if (at > 0) call.out(`${named[call.args[at + 1] ?? ''] ?? 'Not Specified'}\n`);
    else call.out(`# dmidecode 3.4\nGetting SMBIOS data from sysfs.\nSMBIOS 2.8 present.\n\nHandle 0x0100, DMI type 1, 27 bytes\nSystem Information\n\tManufacturer: ${product.vendor}\n\tProduct Name: ${product.model}\n\tVersion: ${product.firmware}\n\tSerial Number: ${product.serial}\n\tUUID: ${machineId.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}\n\tWake-up Type: Power Switch\n\nHandle 0x1100, DMI type 17, 40 bytes\nMemory Device\n\tSize: ${Math.ceil(memoryKb / 1_048_576)} GB\n\tType: RAM\n\n`);
    return 0;
  }),
  program('nvidia-smi', ({ out, args, hooks }) => {
    const name = 'NVIDIA A10';
    if (args.includes('-L')) out(`GPU 0: ${name} (UUID: GPU-${uuid(hooks.persona, 'gpu')})\n`);
    else if (args.some((arg) => arg.startsWith('--query-gpu'))) out(`${args.some((arg) => arg.includes('noheader')) ? '' : 'name\n'}${name}\n`);
    else out(`${'+'.padEnd(90, '-')}+\n| NVIDIA-SMI 535.183.01             Driver Version: 535.183.01   CUDA Version: 12.2     |\n${'|'.padEnd(90, '-')}+\n|   0  ${name}                     On  | 00000000:00:05.0 Off |                    0 |\n|  0%   34C    P8              16W / 150W |      4MiB / 23028MiB |      0%      Default |\n${'+'.padEnd(90, '-')}+\n`);
    return 0;
  }),
  program('dmesg', ({ fs, out, shell, err }) => {
    if (shell.identity.uid !== 0) {
      err('dmesg: read kernel buffer failed: Operation not permitted\n');
      return 1;
    }
    const text = fs.read('/var/log/syslog').toString('latin1');
    out(text.split('\n').flatMap((line) => (line.includes(' kernel: ') ? [`${line.slice(line.indexOf('['))}\n`] : [])).join(''));
    return 0;
  }),
  program('date', (call) => date(call)),
  program('cal', ({ hooks, out }) => {
    const now = new Date(hooks.now());
    out(`   ${now.toUTCString().slice(8, 16)}\n`);
    return 0;
  }),
  program('sysctl', ({ args, fs, out, err }) => {
    let status = 0;
    for (const arg of args.slice(1).filter((one) => !one.startsWith('-'))) {
      const [key = '', value] = arg.split('=');
      const path = `/proc/sys/${key.trim().replaceAll('.', '/')}`;
      if (!fs.exists(path)) {
        err(`sysctl: cannot stat ${path}: No such file or directory\n`);
        status = 1;
      } else out(`${key.trim()} = ${value?.trim() ?? fs.read(path).toString('latin1').trim()}\n`);
    }
    return status;
  }),
  program('systemd-detect-virt', ({ out }) => {
    out('kvm\n');
    return 0;
  }),
  program('lsb_release', ({ args, hooks: { persona: { system } }, out }) => {
    const rows = [['i', 'Distributor ID', system.id === 'ubuntu' ? 'Ubuntu' : 'Debian'], ['d', 'Description', system.id === 'ubuntu' ? `Ubuntu ${system.version} LTS` : `Debian GNU/Linux ${system.version.split('.')[0]} (${system.codename})`], ['r', 'Release', system.id === 'ubuntu' ? system.version.slice(0, 5) : system.version.split('.')[0]!], ['c', 'Codename', system.codename]] as const;
    const flags = args.slice(1).join('');
    out('No LSB modules are available.\n');
    for (const [flag, key, value] of rows) if (flags === '' || flags.includes('a') || flags.includes(flag)) out(flags.includes('s') ? `${value}\n` : `${key}:\t${value}\n`);
    return 0;
  }),
  program('lsns lsipc ipcs', () => 0),
  program('getconf', ({ args, hooks, out }) => {
    out(`${{ LONG_BIT: String(hooks.persona.arch.elfClass), _NPROCESSORS_ONLN: String(hooks.persona.cpu.count), PAGE_SIZE: '4096', PAGESIZE: '4096' }[args[1] ?? ''] ?? 'undefined'}\n`);
    return 0;
  }),
  program('vmstat', ({ hooks, out }) => {
    const m = memory(hooks.persona, hooks.now());
    out(`procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----\n r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st\n 0  0      0 ${String(m.free).padStart(6)} ${String(m.buffers).padStart(6)} ${String(m.cache).padStart(6)}    0    0     3     9   41   77  1  1 98  0  0\n`);
    return 0;
  }),
];

function date(call: Call): number {
  const { args, hooks, out } = call;
  const at = args.findIndex((arg) => arg === '-d' || arg === '--date');
  const text = at > 0 ? args[at + 1] : /^--date=(.*)/.exec(args.find((arg) => arg.startsWith('--date=')) ?? '')?.[1];
  let now = hooks.now();
  if (text !== undefined) {
    const found = /^@(\d+)$/.exec(text);
    const parsed = found ? Number(found[1]) * 1_000 : /^(now|today)$/.test(text) ? now : text === 'yesterday' ? now - 86_400_000 : text === 'tomorrow' ? now + 86_400_000 : Date.parse(/[Z+]/.test(text) ? text : `${text} UTC`);
    if (Number.isNaN(parsed)) return fail(call, `date: invalid date ${quoted(call, text)}`);
    now = parsed;
  }
  const format = args.find((arg) => arg.startsWith('+'));
  const other = args.slice(1).find((arg, i) => !/^[-+]/.test(arg) && i + 1 !== at + 1);
  if (other !== undefined && format === undefined) return fail(call, `date: invalid date ${quoted(call, other)}`);
  out(`${strftime(format?.slice(1) ?? (args.includes('-R') ? '%a, %d %b %Y %H:%M:%S +0000' : args.includes('-Is') ? '%Y-%m-%dT%H:%M:%S+00:00' : '%a %b %e %H:%M:%S UTC %Y'), now)}\n`);
  return 0;
}

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

/** A time of UTC by the letters of strftime(3). */
export function strftime(format: string, ms: number): string {
  const d = new Date(ms);
  const two = (n: number) => String(n).padStart(2, '0');
  const letters: Record<string, () => string> = {
    Y: () => String(d.getUTCFullYear()), y: () => two(d.getUTCFullYear() % 100), m: () => two(d.getUTCMonth() + 1), d: () => two(d.getUTCDate()), e: () => String(d.getUTCDate()).padStart(2),
    H: () => two(d.getUTCHours()), I: () => two(d.getUTCHours() % 12 || 12), M: () => two(d.getUTCMinutes()), S: () => two(d.getUTCSeconds()), N: () => String((ms % 1_000) * 1_000_000).padStart(9, '0'),
    s: () => String(Math.floor(ms / 1_000)), a: () => days[d.getUTCDay()]!.slice(0, 3), A: () => days[d.getUTCDay()]!, b: () => months[d.getUTCMonth()]!.slice(0, 3), B: () => months[d.getUTCMonth()]!,
    p: () => (d.getUTCHours() < 12 ? 'AM' : 'PM'), Z: () => 'UTC', z: () => '+0000', u: () => String(d.getUTCDay() || 7), w: () => String(d.getUTCDay()),
    j: () => String(Math.floor((Date.UTC(d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate()) - Date.UTC(d.getUTCFullYear(), 0, 0)) / 86_400_000)).padStart(3, '0'),
    F: () => d.toISOString().slice(0, 10), T: () => d.toISOString().slice(11, 19), R: () => d.toISOString().slice(11, 16), D: () => `${two(d.getUTCMonth() + 1)}/${two(d.getUTCDate())}/${two(d.getUTCFullYear() % 100)}`,
    c: () => strftime('%a %b %e %H:%M:%S %Y', ms), x: () => strftime('%D', ms), X: () => strftime('%T', ms), n: () => '\n', t: () => '\t', '%': () => '%',
  };
  return format.slice(0, 4_096).replace(/%[-_0^]?([A-Za-z%])/g, (all, letter: string) => letters[letter]?.() ?? all);
}

/** Whether a daemon of this name runs: `sshd`, `cron`. */
export function runs({ hooks }: Pick<Call, 'hooks'>, name: string): boolean {
  return census(hooks.persona).some(({ command }) => programOf(command) === name);
}

export const gnuMachine: readonly ShellCommand[] = [uname, hostname, hostnamectl, nproc, lscpu, free, uptime, df, lsblk, mount, ...hardware];
