import { unixDate } from '../../personas.ts';
import { clockText, loads, memory, processes, upSeconds } from '../machine.ts';
import { defineCommand, type ShellCommand, shellLimits } from '../shell.ts';
import { options } from './help.ts';

const uname = defineCommand({
  names: ['uname'],
  folder: '/bin',
  run({ args, hooks: { persona }, out }) {
    const { flags } = options(args);
    const all = flags.has('a');
    const parts: [string, string][] = [
      ['s', 'Linux'],
      ['n', persona.hostname],
      ['r', persona.kernel.release],
      ['v', persona.kernel.version],
      ['m', persona.arch.name],
      ['o', 'GNU/Linux'],
    ];
    const shown = parts.filter(([flag]) => all || flags.has(flag)).map(([, text]) => text);
    out(`${(shown.length ? shown : ['Linux']).join(' ')}\n`);
    return 0;
  },
});

const id = defineCommand({
  names: ['id'],
  folder: '/usr/bin',
  run({ args, out, err, hooks }) {
    const { flags, words } = options(args);
    if (words[0] !== undefined && words[0] !== 'root' && words[0] !== hooks.persona.admin) {
      err(`id: unknown user ${words[0]}\n`);
      return 1;
    }
    if (flags.has('u')) out(flags.has('n') ? 'root\n' : '0\n');
    else out('uid=0(root) gid=0(root) groups=0(root),10(wheel)\n');
    return 0;
  },
});

const ps = defineCommand({
  names: ['ps'],
  folder: '/bin',
  run({ hooks, out }) {
    out('PID   USER     VSZ STAT COMMAND\n'.replace('PID  ', '  PID'));
    for (const { pid, user, size, state, command } of processes(hooks.persona, hooks.src.port)) {
      out(
        `${String(pid).padStart(5)} ${user.padEnd(8)} ${String(size).padStart(5)} ${state.padEnd(4)} ${command}\n`,
      );
    }
    return 0;
  },
});

const free = defineCommand({
  names: ['free'],
  folder: '/usr/bin',
  run({ args, hooks, out }) {
    const { flags } = options(args);
    const unit = flags.has('m') ? 1_024 : flags.has('g') ? 1_048_576 : 1;
    const m = memory(hooks.persona, hooks.now());
    const row = (...cells: number[]) =>
      cells.map((cell) => String(Math.floor(cell / unit)).padStart(12)).join('');
    out('              total        used        free      shared  buff/cache   available\n');
    out(`Mem:   ${row(m.total, m.used, m.free, m.shared, m.cache, m.available)}\n`);
    out(`Swap:  ${row(0, 0, 0)}\n`);
    return 0;
  },
});

const uptime = defineCommand({
  names: ['uptime'],
  folder: '/usr/bin',
  run({ hooks, out }) {
    out(`${uptimeLine(hooks.persona.bootedAt, hooks.now())}\n`);
    return 0;
  },
});

function uptimeLine(bootedAt: number, now: number): string {
  const minutes = Math.floor(upSeconds(bootedAt, now) / 60);
  const days = Math.floor(minutes / 1_440);
  const hours = `${Math.floor((minutes % 1_440) / 60)}:${String(minutes % 60).padStart(2, '0')}`;
  const load = loads(now)
    .map((one) => one.toFixed(2))
    .join(', ');
  return ` ${clockText(now)} up ${days ? `${days} days, ` : ''}${hours},  1 users,  load average: ${load}`;
}

const w = defineCommand({
  names: ['w', 'who'],
  folder: '/usr/bin',
  run({ args, hooks, out }) {
    if (args[0] === 'w') out(`${uptimeLine(hooks.persona.bootedAt, hooks.now())}\n`);
    out('USER\t\tTTY\t\tIDLE\tTIME\t\t HOST\n');
    out(`root\t\tpts/0\t\t00:00\t${dateShort(hooks.now())} ${hooks.src.ip}\n`);
    return 0;
  },
});

function dateShort(now: number): string {
  const [, month, day] = unixDate(now).split(/ +/);
  return `${month} ${day} ${clockText(now).slice(0, 5)}`;
}

const sleep = defineCommand({
  names: ['sleep', 'usleep'],
  folder: '/bin',
  async run({ args, hooks }) {
    const factor = args[0] === 'usleep' ? 0.001 : 1_000;
    const seconds = Number.parseFloat(args[1] ?? '0') || 0;
    await hooks.pause(Math.min(shellLimits.sleepMs, Math.max(0, seconds * factor)));
    return 0;
  },
});

const df = defineCommand({
  names: ['df'],
  folder: '/bin',
  run({ args, hooks, out }) {
    const human = options(args).flags.has('h');
    const half = Math.floor(hooks.persona.memoryKb / 2);
    const rows: [string, number, number, string][] = [
      ['/dev/root', 253_871, 186_290, '/'],
      ['tmpfs', half, 148, '/tmp'],
      ['tmpfs', half, 0, '/dev/shm'],
      ['/dev/sda3', 1_922_858_352, 633_201_044, '/volume1'],
    ];
    const shown = (kb: number) =>
      human
        ? kb < 1_024
          ? `${kb}.0K`
          : kb < 1_048_576
            ? `${(kb / 1_024).toFixed(1)}M`
            : kb < 1_073_741_824
              ? `${(kb / 1_048_576).toFixed(1)}G`
              : `${(kb / 1_073_741_824).toFixed(1)}T`
        : String(kb);
    out(
      human
        ? 'Filesystem                Size      Used Available Use% Mounted on\n'
        : 'Filesystem           1K-blocks      Used Available Use% Mounted on\n',
    );
    for (const [name, size, used, mount] of rows) {
      const share = Math.ceil((100 * used) / size);
      out(
        `${name.padEnd(20)} ${shown(size).padStart(9)} ${shown(used).padStart(9)} ${shown(size - used).padStart(9)} ${String(share).padStart(3)}% ${mount}\n`,
      );
    }
    return 0;
  },
});

const which = defineCommand({
  names: ['which'],
  folder: '/usr/bin',
  run({ args, shell, out }) {
    let status = 0;
    for (const name of args.slice(1)) {
      const found = shell.which(name);
      if (found?.startsWith('/')) out(`${found}\n`);
      else status = 1;
    }
    return status;
  },
});

const sh = defineCommand({
  names: ['sh', 'ash', 'su', 'nohup', 'setsid', 'time', 'nice', 'timeout', 'bash'],
  folder: '/bin',
  async run(call) {
    const { args, shell, fs, err } = call;
    const name = args[0]!;
    if (['nohup', 'setsid', 'time', 'nice', 'timeout'].includes(name)) {
      const rest = args
        .slice(1)
        .filter((arg, i) => !(arg.startsWith('-') || (name === 'timeout' && i === 0)));
      return rest.length ? shell.call(rest, call) : 0;
    }
    if (args[1] === '-c') return shell.run(args[2] ?? '', call, { apart: true, name, args: args.slice(4) });
    const path = args.slice(1).find((arg) => !arg.startsWith('-'));
    if (path === undefined || name === 'su') {
      if (call.isTerminal) return shell.enter();
      return shell.run(await call.stdin(), call, { apart: true, name });
    }
    if (!fs.exists(shell.path(path))) {
      err(`${name}: can't open '${path}': No such file or directory\n`);
      return 2;
    }
    shell.capture(path, 'run');
    return shell.run(fs.read(shell.path(path)).toString('latin1', 0, 262_144), call, {
      apart: true,
      name: path,
      args: args.slice(args.indexOf(path) + 1),
    });
  },
});

const plain: ShellCommand[] = [
  defineCommand({
    names: ['whoami'],
    folder: '/usr/bin',
    run({ out }) {
      out('root\n');
      return 0;
    },
  }),
  defineCommand({
    names: ['hostname'],
    folder: '/bin',
    run({ args, hooks, out }) {
      if (args.length === 1) out(`${hooks.persona.hostname}\n`);
      return 0;
    },
  }),
  defineCommand({
    names: ['nproc'],
    folder: '/usr/bin',
    run({ hooks, out }) {
      out(`${hooks.persona.cpu.count}\n`);
      return 0;
    },
  }),
  defineCommand({
    names: ['arch'],
    folder: '/bin',
    run({ hooks, out }) {
      out(`${hooks.persona.arch.name}\n`);
      return 0;
    },
  }),
  defineCommand({
    names: ['date'],
    folder: '/bin',
    run({ args, hooks, out }) {
      out(args[1] === '+%s' ? `${Math.floor(hooks.now() / 1_000)}\n` : `${unixDate(hooks.now())}\n`);
      return 0;
    },
  }),
  defineCommand({
    names: ['mount'],
    folder: '/bin',
    run({ args, fs, out }) {
      if (args.length > 1) return 0;
      for (const line of fs.read('/proc/mounts').toString('latin1').trimEnd().split('\n')) {
        const [device, path, type, flags] = line.split(' ');
        out(`${device} on ${path} type ${type} (${flags})\n`);
      }
      return 0;
    },
  }),
  defineCommand({
    names: ['dmesg', 'lsmod', 'last', 'lsblk'],
    folder: '/bin',
    run: () => 0,
  }),
  defineCommand({
    names: ['ifconfig'],
    folder: '/sbin',
    run({ hooks: { persona }, out }) {
      const broadcast = persona.address.replace(/\d+$/, '255');
      out(
        `eth0      Link encap:Ethernet  HWaddr ${persona.mac.toUpperCase()}  \n          inet addr:${persona.address}  Bcast:${broadcast}  Mask:255.255.255.0\n          UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1\n\nlo        Link encap:Local Loopback  \n          inet addr:127.0.0.1  Mask:255.0.0.0\n          UP LOOPBACK RUNNING  MTU:65536  Metric:1\n\n`,
      );
      return 0;
    },
  }),
];

export const system: readonly ShellCommand[] = [
  uname,
  id,
  ps,
  free,
  uptime,
  w,
  sleep,
  df,
  which,
  sh,
  ...plain,
];
