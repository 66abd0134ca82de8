import { commands } from '../shell/commands/index.ts';
import { processes } from '../shell/machine.ts';
import { type Call, defineCommand, type ShellCommand } from '../shell/shell.ts';
import type { Device } from './device.ts';

/** What the attacker installed and asked for, over connections. */
export interface Packages {
  installed: Set<string>;
  asked: string;
}

const packageLimit = 64;
const system = [
  'android',
  'com.android.settings',
  'com.android.systemui',
  'com.android.providers.media',
  'com.android.shell',
];

/** The shell's commands on an Android box: those of any machine, and Android's own (toolbox, `pm`, `am`). */
export function commandsOf(device: Device, packages: Packages): ReadonlyMap<string, ShellCommand> {
  const own: ShellCommand[] = [
    builtin(['getprop'], ({ args, out }) => {
      const name = args[1];
      if (name !== undefined) out(`${device.properties.get(name) ?? args[2] ?? ''}\n`);
      else for (const [key, value] of device.properties) out(`[${key}]: [${value}]\n`);
      return 0;
    }),
    builtin(['setprop', 'settings', 'input', 'svc', 'monkey', 'ime', 'wm', 'logcat'], () => 0),
    builtin(['pm', 'cmd'], (call) => pm(call, packages)),
    builtin(['am'], am),
    builtin(['id'], ({ out }) => {
      out(
        'uid=0(root) gid=0(root) groups=0(root),1004(input),1007(log),1011(adb),1015(sdcard_rw),1028(sdcard_r),3001(net_bt_admin),3002(net_bt),3003(inet),3006(net_bw_stats),3009(readproc) context=u:r:su:s0\n',
      );
      return 0;
    }),
    builtin(['su'], async ({ args, shell, ...streams }) => {
      const at = args.indexOf('-c');
      const script =
        at >= 0 ? args[at + 1] : args[1] === '0' || args[1] === 'root' ? args.slice(2).join(' ') : '';
      return script ? shell.run(script, streams, { apart: true }) : 0;
    }),
    builtin(['ps'], (call) => ps(call, device)),
    builtin(['dumpsys'], ({ args, out }) => {
      if (args[1] === undefined) out('Currently running services:\n');
      else if (args[1] === 'battery')
        out('Current Battery Service state:\n  AC powered: true\n  level: 100\n');
      else out(`Can't find service: ${args[1]}\n`);
      return 0;
    }),
  ];
  return new Map([...commands, ...own.flatMap((one) => one.names.map((name) => [name, one] as const))]);
}

function builtin(names: string[], run: ShellCommand['run']): ShellCommand {
  return defineCommand({ names, folder: null, run });
}

/** `pm path`, `pm install`, `pm list packages`, `pm uninstall`; `cmd package` is the same. */
function pm({ args, out, err, shell, fs, hooks }: Call, packages: Packages): number {
  const words = args[0] === 'cmd' ? args.slice(2) : args.slice(1);
  const [verb, ...rest] = words;
  const name = rest.filter((word) => !word.startsWith('-')).at(-1) ?? '';
  switch (verb) {
    case 'path': {
      packages.asked = name.slice(0, 256);
      if (system.includes(name)) out(`package:/system/priv-app/${name.split('.').at(-1)}/base.apk\n`);
      else if (packages.installed.has(name)) out(`package:/data/app/${name}-1/base.apk\n`);
      else return 1;
      return 0;
    }
    case 'install': {
      if (!fs.exists(shell.path(name))) {
        err(`\tpkg: ${name}\nFailure [INSTALL_FAILED_INVALID_URI]\n`);
        return 1;
      }
      shell.capture(name, 'pm install');
      // Its manifest is not read: it is the package that was looked for.
      const real = packages.asked || name.slice(name.lastIndexOf('/') + 1).replace(/\.apk$/, '');
      if (packages.installed.size < packageLimit) packages.installed.add(real);
      hooks.emit({ kind: 'data', size: 0, detail: { how: 'pm install', package: real, file: name } });
      out(`\tpkg: ${name}\nSuccess\n`);
      return 0;
    }
    case 'uninstall':
      out(packages.installed.delete(name) ? 'Success\n' : 'Failure [DELETE_FAILED_INTERNAL_ERROR]\n');
      return 0;
    case 'list':
      for (const one of [...system, ...packages.installed]) out(`package:${one}\n`);
      return 0;
    default:
      return 0;
  }
}

function am({ args, out, err }: Call): number {
  const verb = args[1] ?? '';
  if (verb === 'start' || verb === 'startservice' || verb === 'start-activity') {
    const at = args.indexOf('-n');
    const component = at >= 0 ? (args[at + 1] ?? '') : (args.at(-1) ?? '');
    const action = args.indexOf('-a') >= 0 ? `act=${args[args.indexOf('-a') + 1]} ` : '';
    const what = verb === 'startservice' ? 'Starting service' : 'Starting';
    out(`${what}: Intent { ${action}cmp=${component} }\n`);
    return 0;
  }
  if (verb === '') err('usage: am [subcommand] [options]\n');
  return verb === '' ? 1 : 0;
}

function ps({ out, hooks }: Call, device: Device): number {
  out('USER      PID   PPID  VSIZE  RSS   WCHAN              PC  NAME\n');
  const row = (user: string, pid: number, parent: number, size: number, name: string) =>
    out(
      `${user.padEnd(9)} ${String(pid).padEnd(5)} ${String(parent).padEnd(5)} ${String(size).padEnd(6)} ${String(size >> 2).padEnd(6)} ${size ? 'SyS_epoll_' : 'rescuer_th'} 0000000000 S ${name}\n`,
    );
  row('root', 1, 0, 9_232, '/init');
  for (const { pid, size, command } of processes(device.persona, hooks.src.port))
    if (size === 0) row('root', pid, 2, 0, command.slice(1, -1));
  const daemons = [
    '/sbin/ueventd',
    '/system/bin/logd',
    '/system/bin/servicemanager',
    '/system/bin/surfaceflinger',
    '/system/bin/netd',
    'zygote',
    '/sbin/adbd',
  ];
  for (const [i, name] of daemons.entries()) row('root', 1_180 + i * 23, 1, 10_240 + i * 811, name);
  for (const [i, name] of [
    'system_server',
    'com.android.systemui',
    'com.android.launcher3',
    'android.process.media',
  ].entries())
    row(i === 0 ? 'system' : `u0_a${11 + i}`, 1_630 + i * 97, 1_295, 1_024_340 + i * 8_192, name);
  row('root', 2_900 + (hooks.src.port % 3_000), 1_318, 5_212, 'ps');
  return 0;
}
