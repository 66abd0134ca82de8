import { memory } from '../../machine.ts';
import type { Call, ShellCommand } from '../../shell.ts';
import { uuid } from '../../systems/kernel-files.ts';
import { program, quoted } from './getopt.ts';
import { fail } from './machine.ts';

/** What the hardware, the kernel and the clock tell. */
export const gnuHardware: readonly ShellCommand[] = [
  program('lspci', ({ out }) => {
    out(
      '00:00.0 Host bridge: Intel Corporation 440FX - 82441FX PMC [Natoma] (rev 02)\n00:01.0 ISA bridge: Intel Corporation 82371SB PIIX3 ISA [Natoma/Triton II]\n00:01.1 IDE interface: Intel Corporation 82371SB PIIX3 IDE [Natoma/Triton II]\n00:01.3 Bridge: Intel Corporation 82371AB/EB/MB PIIX4 ACPI (rev 03)\n00:02.0 VGA compatible controller: Device 1234:1111 (rev 02)\n00:03.0 Ethernet controller: Red Hat, Inc. Virtio network device\n00:04.0 SCSI storage controller: Red Hat, Inc. Virtio block device\n',
    );
    return 0;
  }),
  program('lsusb', () => 0),
  program('lsmod', ({ out }) => {
    out(
      'Module                  Size  Used by\noverlay               163840  0\nnf_tables             303104  0\nvirtio_net             69632  0\next4                  978944  1\n',
    );
    return 0;
  }),
  program('modprobe insmod rmmod depmod', (call) =>
    call.shell.identity.uid === 0
      ? 0
      : fail(
          call,
          `${call.args[0]}: ERROR: could not insert '${call.args[1] ?? ''}': Operation not permitted`,
        ),
  ),
  program('dmidecode', (call) => {
    if (call.shell.identity.uid !== 0) return fail(call, '/dev/mem: Permission denied');
    const { product, machineId, memoryKb } = call.hooks.persona;
    const at = call.args.indexOf('-s');
    const named: Record<string, string> = {
      'system-manufacturer': product.vendor,
      'system-product-name': product.model,
      'system-serial-number': product.serial,
      'bios-vendor': product.vendor,
      'bios-version': product.firmware,
    };
    if (at > 0) call.out(`${named[call.args[at + 1] ?? ''] ?? 'Not Specified'}\n`);
    else
      call.out(
        `# dmidecode 3.4\nGetting SMBIOS data from sysfs.\nSMBIOS 2.8 present.\n\nHandle 0x0100, DMI type 1, 27 bytes\nSystem Information\n\tManufacturer: ${product.vendor}\n\tProduct Name: ${product.model}\n\tVersion: ${product.firmware}\n\tSerial Number: ${product.serial}\n\tUUID: ${machineId.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}\n\tWake-up Type: Power Switch\n\nHandle 0x1100, DMI type 17, 40 bytes\nMemory Device\n\tSize: ${Math.ceil(memoryKb / 1_048_576)} GB\n\tType: RAM\n\n`,
      );
    return 0;
  }),
  program('nvidia-smi', ({ out, args, hooks }) => {
    const name = 'NVIDIA A10';
    if (args.includes('-L')) out(`GPU 0: ${name} (UUID: GPU-${uuid(hooks.persona, 'gpu')})\n`);
    else if (args.some((arg) => arg.startsWith('--query-gpu')))
      out(`${args.some((arg) => arg.includes('noheader')) ? '' : 'name\n'}${name}\n`);
    else
      out(
        `${'+'.padEnd(90, '-')}+\n| NVIDIA-SMI 535.183.01             Driver Version: 535.183.01   CUDA Version: 12.2     |\n${'|'.padEnd(90, '-')}+\n|   0  ${name}                     On  | 00000000:00:05.0 Off |                    0 |\n|  0%   34C    P8              16W / 150W |      4MiB / 23028MiB |      0%      Default |\n${'+'.padEnd(90, '-')}+\n`,
      );
    return 0;
  }),
  program('dmesg', ({ fs, out, shell, err }) => {
    if (shell.identity.uid !== 0) {
      err('dmesg: read kernel buffer failed: Operation not permitted\n');
      return 1;
    }
    const text = fs.read('/var/log/syslog').toString('latin1');
    out(
      text
        .split('\n')
        .flatMap((line) => (line.includes(' kernel: ') ? [`${line.slice(line.indexOf('['))}\n`] : []))
        .join(''),
    );
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
  program(
    'lsb_release',
    ({
      args,
      hooks: {
        persona: { system },
      },
      out,
    }) => {
      const rows = [
        ['i', 'Distributor ID', system.id === 'ubuntu' ? 'Ubuntu' : 'Debian'],
        [
          'd',
          'Description',
          system.id === 'ubuntu'
            ? `Ubuntu ${system.version} LTS`
            : `Debian GNU/Linux ${system.version.split('.')[0]} (${system.codename})`,
        ],
        ['r', 'Release', system.id === 'ubuntu' ? system.version.slice(0, 5) : system.version.split('.')[0]!],
        ['c', 'Codename', system.codename],
      ] as const;
      const flags = args.slice(1).join('');
      out('No LSB modules are available.\n');
      for (const [flag, key, value] of rows)
        if (flags === '' || flags.includes('a') || flags.includes(flag))
          out(flags.includes('s') ? `${value}\n` : `${key}:\t${value}\n`);
      return 0;
    },
  ),
  program('lsns lsipc ipcs', () => 0),
  program('getconf', ({ args, hooks, out }) => {
    out(
      `${{ LONG_BIT: String(hooks.persona.arch.elfClass), _NPROCESSORS_ONLN: String(hooks.persona.cpu.count), PAGE_SIZE: '4096', PAGESIZE: '4096' }[args[1] ?? ''] ?? 'undefined'}\n`,
    );
    return 0;
  }),
  program('vmstat', ({ hooks, out }) => {
    const m = memory(hooks.persona, hooks.now());
    out(
      `procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----\n r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st\n 0  0      0 ${String(m.free).padStart(6)} ${String(m.buffers).padStart(6)} ${String(m.cache).padStart(6)}    0    0     3     9   41   77  1  1 98  0  0\n`,
    );
    return 0;
  }),
];

function date(call: Call): number {
  const { args, hooks, out } = call;
  const at = args.findIndex((arg) => arg === '-d' || arg === '--date');
  const text =
    at > 0 ? args[at + 1] : /^--date=(.*)/.exec(args.find((arg) => arg.startsWith('--date=')) ?? '')?.[1];
  let now = hooks.now();
  if (text !== undefined) {
    const found = /^@(\d+)$/.exec(text);
    const parsed = found
      ? Number(found[1]) * 1_000
      : /^(now|today)$/.test(text)
        ? now
        : text === 'yesterday'
          ? now - 86_400_000
          : text === 'tomorrow'
            ? now + 86_400_000
            : Date.parse(/[Z+]/.test(text) ? text : `${text} UTC`);
    if (Number.isNaN(parsed)) return fail(call, `date: invalid date ${quoted(call, text)}`);
    now = parsed;
  }
  const format = args.find((arg) => arg.startsWith('+'));
  const other = args.slice(1).find((arg, i) => !/^[-+]/.test(arg) && i + 1 !== at + 1);
  if (other !== undefined && format === undefined)
    return fail(call, `date: invalid date ${quoted(call, other)}`);
  out(
    `${strftime(format?.slice(1) ?? (args.includes('-R') ? '%a, %d %b %Y %H:%M:%S +0000' : args.includes('-Is') ? '%Y-%m-%dT%H:%M:%S+00:00' : '%a %b %e %H:%M:%S UTC %Y'), now)}\n`,
  );
  return 0;
}

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** A time of UTC by the letters of strftime(3). */
export function strftime(format: string, ms: number): string {
  const d = new Date(ms);
  const two = (n: number) => String(n).padStart(2, '0');
  const letters: Record<string, () => string> = {
    Y: () => String(d.getUTCFullYear()),
    y: () => two(d.getUTCFullYear() % 100),
    m: () => two(d.getUTCMonth() + 1),
    d: () => two(d.getUTCDate()),
    e: () => String(d.getUTCDate()).padStart(2),
    H: () => two(d.getUTCHours()),
    I: () => two(d.getUTCHours() % 12 || 12),
    M: () => two(d.getUTCMinutes()),
    S: () => two(d.getUTCSeconds()),
    N: () => String((ms % 1_000) * 1_000_000).padStart(9, '0'),
    s: () => String(Math.floor(ms / 1_000)),
    a: () => days[d.getUTCDay()]!.slice(0, 3),
    A: () => days[d.getUTCDay()]!,
    b: () => months[d.getUTCMonth()]!.slice(0, 3),
    B: () => months[d.getUTCMonth()]!,
    p: () => (d.getUTCHours() < 12 ? 'AM' : 'PM'),
    Z: () => 'UTC',
    z: () => '+0000',
    u: () => String(d.getUTCDay() || 7),
    w: () => String(d.getUTCDay()),
    j: () =>
      String(
        Math.floor(
          (Date.UTC(d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate()) -
            Date.UTC(d.getUTCFullYear(), 0, 0)) /
            86_400_000,
        ),
      ).padStart(3, '0'),
    F: () => d.toISOString().slice(0, 10),
    T: () => d.toISOString().slice(11, 19),
    R: () => d.toISOString().slice(11, 16),
    D: () => `${two(d.getUTCMonth() + 1)}/${two(d.getUTCDate())}/${two(d.getUTCFullYear() % 100)}`,
    c: () => strftime('%a %b %e %H:%M:%S %Y', ms),
    x: () => strftime('%D', ms),
    X: () => strftime('%T', ms),
    n: () => '\n',
    t: () => '\t',
    '%': () => '%',
  };
  return format
    .slice(0, 4_096)
    .replace(/%[-_0^]?([A-Za-z%])/g, (all, letter: string) => letters[letter]?.() ?? all);
}
