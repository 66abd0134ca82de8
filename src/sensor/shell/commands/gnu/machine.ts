// Over 300 lines: what tells of the machine; every figure comes from the one model.
import { mounted } from '../../disk.ts';
import { clockText, loads, memory, upSeconds } from '../../machine.ts';
import type { Call, ShellCommand } from '../../shell.ts';
import { processorOf } from '../../systems/cpu.ts';
import { uuid } from '../../systems/kernel-files.ts';
import { getopt, program, quoted } from './getopt.ts';
import { humanSize } from './ls.ts';

const uname = program('uname arch', (call) => {
  const { persona } = call.hooks;
  if (call.args[0] === 'arch') {
    call.out(`${persona.arch.name}\n`);
    return 0;
  }
  const long = {
    all: 'a',
    'kernel-name': 's',
    nodename: 'n',
    'kernel-release': 'r',
    'kernel-version': 'v',
    machine: 'm',
    processor: 'p',
    'hardware-platform': 'i',
    'operating-system': 'o',
  };
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
  if (all && persona.system.id === 'ubuntu')
    for (const part of parts) if (part[0] === 'p' || part[0] === 'i') part[1] = persona.arch.name;
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
  else if (call.args.length > 1 && !flag)
    return call.shell.identity.uid === 0
      ? 0
      : fail(call, 'hostname: you must be root to change the host name');
  else call.out(`${persona.hostname}\n`);
  return 0;
});

/** Tells why a program gives up; returns its status. */
export function fail(call: Call, text: string, status = 1): number {
  call.err(`${text}\n`);
  return status;
}

const hostnamectl = program('hostnamectl', ({ hooks: { persona }, out }) => {
  const { system, kernel, arch, product, machineId } = persona;
  const name =
    system.id === 'ubuntu'
      ? `Ubuntu ${system.version} LTS`
      : `Debian GNU/Linux ${system.version.split('.')[0]} (${system.codename})`;
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
  call.out(
    rows.map(([key, value]) => `${value === '' ? `${key} ` : key.padEnd(34) + value}`.trimEnd()).join('\n'),
  );
  call.out('\n');
  return 0;
});

const free = program('free', (call) => {
  const options = getopt(call, 'bkmghltwvs:c:V', {
    bytes: 'b',
    kibi: 'k',
    mebi: 'm',
    gibi: 'g',
    human: 'h',
    total: 't',
    wide: 'w',
    mega: 'm',
    giga: 'g',
  });
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
    return String(
      flags.has('b')
        ? kb * 1_024
        : Math.floor(kb / (flags.has('m') ? 1_024 : flags.has('g') ? 1_048_576 : 1)),
    );
  };
  const row = (name: string, ...cells: number[]) =>
    `${name.padEnd(8)}${cells.map((cell) => show(cell).padStart(12)).join('')}\n`.replace(
      /^(.{8}) {0}/,
      '$1',
    );
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
  const since = hours
    ? `${String(hours).padStart(2)}:${String(minutes % 60).padStart(2, '0')}`
    : `${minutes % 60} min`;
  const load = loads(now)
    .map((one) => one.toFixed(2))
    .join(', ');
  return ` ${clockText(now)} up ${days ? `${days} day${days > 1 ? 's' : ''}, ` : ''}${since},  1 user,  load average: ${load}`;
}

const uptime = program('uptime', (call) => {
  const { hooks, out, args } = call;
  const { bootedAt } = hooks.persona;
  if (args[1] === '-s' || args[1] === '--since')
    out(`${new Date(bootedAt).toISOString().slice(0, 19).replace('T', ' ')}\n`);
  else if (args[1] === '-p' || args[1] === '--pretty') {
    const minutes = Math.floor(upSeconds(bootedAt, hooks.now()) / 60);
    const parts = [
      [Math.floor(minutes / 10_080), 'week'],
      [Math.floor((minutes % 10_080) / 1_440), 'day'],
      [Math.floor((minutes % 1_440) / 60), 'hour'],
      [minutes % 60, 'minute'],
    ] as const;
    out(
      `up ${parts
        .filter(([n]) => n)
        .map(([n, unit]) => `${n} ${unit}${n > 1 ? 's' : ''}`)
        .join(', ')}\n`,
    );
  } else out(`${uptimeLine(call)}\n`);
  return 0;
});

const df = program('df', (call) => {
  const options = getopt(call, 'aB:hHiklmPt:Tx:', {
    human: 'h',
    'human-readable': 'h',
    'print-type': 'T',
    all: 'a',
    inodes: 'i',
    portability: 'P',
    type: 't:',
  });
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
      return [...all]
        .filter(
          ({ path, device }) =>
            device === real || real === path || path === '/' || real.startsWith(`${path}/`),
        )
        .sort((a, b) => b.path.length - a.path.length)
        .slice(0, 1);
    });
    if (rows.length === 0) return status;
  }
  const human = flags.has('h') || flags.has('H');
  const by = flags.has('m') ? 1_024 : 1;
  const size = (kb: number) =>
    human ? (kb === 0 ? '0' : humanSize(kb * 1_024)) : String(Math.ceil(kb / by));
  const head = [
    'Filesystem',
    ...(flags.has('T') ? ['Type'] : []),
    human ? 'Size' : flags.has('m') ? '1M-blocks' : flags.has('P') ? '1024-blocks' : '1K-blocks',
    'Used',
    human ? 'Avail' : 'Available',
    flags.has('P') ? 'Capacity' : 'Use%',
    'Mounted on',
  ];
  const table = [
    head,
    ...rows.map(({ device, type, path, sizeKb, usedKb }) => {
      // The root's share of an ext4 volume, wherever that is seen (mke2fs -m).
      const free =
        path === '/' || (hooks.persona.container && type !== 'tmpfs')
          ? Math.max(0, sizeKb - usedKb - Math.floor(sizeKb * 0.051))
          : sizeKb - usedKb;
      const share = sizeKb ? `${Math.ceil((100 * usedKb) / (usedKb + free))}%` : '-';
      return [device, ...(flags.has('T') ? [type] : []), size(sizeKb), size(usedKb), size(free), share, path];
    }),
  ];
  call.out(tabled(table, new Set(flags.has('T') ? [0, 1, 6] : [0, 5]), human ? 5 : 9));
  return status;
});

/** Rows as coreutils' df sets them: these columns to the left, the others to the right. */
function tabled(rows: string[][], left: Set<number>, least: number): string {
  const widths = rows[0]!.map((_, c) => Math.max(...rows.map((row) => row[c]!.length), c === 0 ? 14 : 0));
  const sized = widths.map((width, c) =>
    !left.has(c) && rows[0]![c] !== 'Use%' && c < rows[0]!.length - 2
      ? Math.max(width, Math.min(least, 5))
      : width,
  );
  return rows
    .map(
      (row) =>
        `${row.map((cell, c) => (c === row.length - 1 ? cell : left.has(c) ? cell.padEnd(sized[c]!) : cell.padStart(sized[c]!))).join(' ')}\n`,
    )
    .join('');
}

const lsblk = program('lsblk blkid fdisk', (call) => {
  const { persona } = call.hooks;
  const { device, sizeKb, fileSystem } = persona.disk;
  const part = device.replace('/dev/', '');
  const whole = part.replace(/p?\d+$/, '') || part;
  const size = (kb: number) => humanSize(kb * 1_024).replace(/\.0(?=[A-Z])/, '');
  if (call.args[0] === 'blkid')
    call.out(
      `${device}: UUID="${uuid(persona, 'root')}" BLOCK_SIZE="4096" TYPE="${fileSystem}" PARTUUID="${uuid(persona, 'part')}"\n`,
    );
  else if (call.args[0] === 'fdisk') {
    const bytes = (sizeKb + 2_048) * 1_024;
    call.out(
      `Disk /dev/${whole}: ${((sizeKb + 2_048) / 1_048_576).toFixed(0)} GiB, ${bytes} bytes, ${bytes / 512} sectors\nUnits: sectors of 1 * 512 = 512 bytes\nSector size (logical/physical): 512 bytes / 512 bytes\n`,
    );
  } else {
    const head = 'NAME   MAJ:MIN RM  SIZE RO TYPE MOUNTPOINTS';
    call.out(
      `${head}\n${whole.padEnd(6)}   8:0    0 ${size(sizeKb + 2_048).padStart(5)}  0 disk \n${`\xe2\x94\x94\xe2\x94\x80${part}`.padEnd(10)}   8:1    0 ${size(sizeKb).padStart(5)}  0 part /\n`,
    );
  }
  return 0;
});

const mount = program('mount umount findmnt swapon swapoff', (call) => {
  const { args, hooks, out, shell, fs } = call;
  const words = args.slice(1).filter((arg, i) => !arg.startsWith('-') && !/^-[ot]$/.test(args[i] ?? ''));
  if (args[0] === 'umount') {
    const target = words[0];
    if (target === undefined)
      return fail(call, "umount: bad usage\nTry 'umount --help' for more information.");
    if (mounted(hooks.persona).some(({ path }) => path === target))
      return fail(call, `umount: ${target}: target is busy.`, 32);
    return fs.exists(shell.path(target))
      ? fail(call, `umount: ${target}: not mounted.`, 32)
      : fail(call, `umount: ${target}: no mount point specified.`, 32);
  }
  if (args[0]!.startsWith('swap')) return 0;
  if (words.length === 0) {
    out(
      mounted(hooks.persona)
        .map(({ device, path, type, flags }) => `${device} on ${path} type ${type} (${flags})\n`)
        .join(''),
    );
    return 0;
  }
  if (shell.identity.uid !== 0)
    return fail(call, `mount: ${words.at(-1)}: must be superuser to use mount.`, 32);
  if (
    args.includes('--bind') ||
    args.some((arg) => /remount/.test(arg)) ||
    args.includes('tmpfs') ||
    args.includes('proc')
  )
    return 0;
  if (words.length === 1) return fail(call, `mount: ${words[0]}: can't find in /etc/fstab.`, 32);
  return fail(
    call,
    fs.exists(shell.path(words[1]!))
      ? `mount: ${words[1]}: special device ${words[0]} does not exist.`
      : `mount: ${words[1]}: mount point does not exist.`,
    32,
  );
});

export const gnuMachine: readonly ShellCommand[] = [
  uname,
  hostname,
  hostnamectl,
  nproc,
  lscpu,
  free,
  uptime,
  df,
  lsblk,
  mount,
];
