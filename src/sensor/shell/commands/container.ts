import { mounted } from '../disk.ts';
import { processes } from '../machine.ts';
import { defineCommand, type ShellCommand } from '../shell.ts';
import { apk } from './apk.ts';
import { beyond } from './beyond.ts';
import { options } from './help.ts';
import { commands } from './index.ts';

/** What BusyBox in Alpine and in the image `busybox` says otherwise than on a device. */
const own: readonly ShellCommand[] = [
  defineCommand({
    names: ['uname'],
    folder: '/bin',
    run({ args, hooks: { persona }, out }) {
      const { flags } = options(args);
      const parts = [
        ['s', 'Linux'],
        ['n', persona.hostname],
        ['r', persona.kernel.release],
        ['v', persona.kernel.version],
        ['m', persona.arch.name],
        // CONFIG_UNAME_OSNAME: `Linux` with musl.
        ['o', persona.system.id === 'alpine' ? 'Linux' : 'GNU/Linux'],
      ] as const;
      const shown = parts.filter(([flag]) => flags.has('a') || flags.has(flag)).map(([, text]) => text);
      out(`${(shown.length ? shown : ['Linux']).join(' ')}\n`);
      return 0;
    },
  }),
  defineCommand({
    names: ['id'],
    folder: '/usr/bin',
    run({ args, hooks: { persona }, out, err }) {
      const { flags, words } = options(args);
      if (words[0] !== undefined && words[0] !== 'root') {
        err(`id: unknown user ${words[0]}\n`);
        return 1;
      }
      const groups =
        persona.system.id === 'alpine'
          ? '0(root),1(bin),2(daemon),3(sys),4(adm),6(disk),10(wheel),11(floppy),20(dialout),26(tape),27(video)'
          : '0(root),10(wheel)';
      if (flags.has('u') || flags.has('g')) out(flags.has('n') ? 'root\n' : '0\n');
      else out(`uid=0(root) gid=0(root) groups=${groups}\n`);
      return 0;
    },
  }),
  defineCommand({
    names: ['ps'],
    folder: '/bin',
    run({ hooks, shell, out }) {
      out('PID   USER     TIME  COMMAND\n');
      const all = [
        ...processes(hooks.persona, hooks.src.port),
        ...shell.processes.running(hooks.now()).map((one) => ({ ...one, state: 'S', size: 0 })),
      ].sort((a, b) => a.pid - b.pid);
      for (const { pid, user, command } of all)
        out(`${String(pid).padStart(5)} ${user.padEnd(8)}  0:00 ${command}\n`);
      return 0;
    },
  }),
  defineCommand({
    names: ['df'],
    folder: '/bin',
    run({ args, hooks, out }) {
      const human = options(args).flags.has('h');
      out(
        human
          ? 'Filesystem                Size      Used Available Use% Mounted on\n'
          : 'Filesystem           1K-blocks      Used Available Use% Mounted on\n',
      );
      for (const { device, path, sizeKb, usedKb } of mounted(hooks.persona)) {
        if (sizeKb === 0) continue;
        const shown = (kb: number) => (human ? humanKb(kb) : String(kb)).padStart(9);
        const share = `${Math.ceil((100 * usedKb) / sizeKb)}%`.padStart(4);
        out(
          `${device.padEnd(20)} ${shown(sizeKb)} ${shown(usedKb)} ${shown(sizeKb - usedKb)} ${share} ${path}\n`,
        );
      }
      return 0;
    },
  }),
  apk,
  ...beyond,
];

function humanKb(kb: number): string {
  if (kb === 0) return '0';
  const units: [number, string][] = [
    [1_073_741_824, 'T'],
    [1_048_576, 'G'],
    [1_024, 'M'],
    [1, 'K'],
  ];
  const [size, unit] = units.find(([least]) => kb >= least)!;
  return `${(kb / size).toFixed(1)}${unit}`;
}

/** What a container of Alpine or BusyBox knows; its files say which of them are there. */
export const containerCommands: ReadonlyMap<string, ShellCommand> = new Map([
  ...commands,
  ...own.flatMap((command) => command.names.map((name) => [name, command] as const)),
]);
