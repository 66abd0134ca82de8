import { promptOf } from '../prompt.ts';
import { type Call, defineCommand, type ShellCommand } from '../shell.ts';
import type { ShellOptions } from '../shell-options.ts';

/** What a program goes on with behind another root: its words, or a shell. */
async function goOn(call: Call, options: ShellOptions, words: string[]): Promise<number> {
  return call.shell.beyond(options, async (shell) => {
    const streams = { ...call, out: call.out, err: call.err };
    const name = words[0]?.slice(words[0].lastIndexOf('/') + 1) ?? 'sh';
    if (!call.isTerminal || (words.length > 0 && !(words.length === 1 && /^(ba|da|a)?sh$/.test(name))))
      return words.length ? shell.callProgram(words, streams) : shell.run(await call.stdin(), streams);
    for (;;) {
      call.out(promptOf(shell));
      const line = await call.stdinLine();
      if (line === null || /^\s*exit\b/.test(line)) return shell.status;
      await shell.run(line, streams);
    }
  });
}

/** chroot(8) of coreutils and of BusyBox, which word their errors apart. */
const chroot = defineCommand({
  names: ['chroot'],
  folder: '/usr/sbin',
  run(call) {
    const { args, err, shell, fs, hooks } = call;
    const small = shell.dialect.id === 'ash';
    const words = args
      .slice(1)
      .filter((arg, i, all) => !(arg.startsWith('-') && i === all.indexOf(arg) && i === 0));
    const [root, ...rest] = words;
    if (root === undefined) {
      err(
        small
          ? 'BusyBox: missing operand\n'
          : "chroot: missing operand\nTry 'chroot --help' for more information.\n",
      );
      return small ? 1 : 125;
    }
    const path = shell.path(root);
    if (!fs.exists(path) || fs.stat(path).kind !== 'dir') {
      const reason = fs.exists(path) ? 'Not a directory' : 'No such file or directory';
      err(`chroot: ${small ? "can't" : 'cannot'} change root directory to '${root}': ${reason}\n`);
      return small ? 1 : 125;
    }
    const real = fs.resolve(path);
    if (real === '/') return rest.length ? shell.callProgram(rest, call) : shell.enter();
    const options = hooks.beyond?.({ path: real });
    if (options) return goOn(call, options, rest);
    const program = rest[0] ?? '/bin/sh';
    err(
      small
        ? `chroot: can't execute '${program}': No such file or directory\n`
        : `chroot: failed to run command \xe2\x80\x98${program}\xe2\x80\x99: No such file or directory\n`,
    );
    return 127;
  },
});

/** nsenter(1): into the namespaces of a process. */
const nsenter = defineCommand({
  names: ['nsenter'],
  folder: '/usr/bin',
  run(call) {
    const { args, err, shell, hooks } = call;
    const small = shell.dialect.id === 'ash';
    const { process, words } = nsenterWords(args);
    if (process === undefined) return words.length ? shell.callProgram(words, call) : shell.enter();
    const options = hooks.beyond?.({ process });
    if (options) return goOn(call, options, words);
    const path = `/proc/${process}/ns/mnt`;
    if (process === 1) {
      err(
        `nsenter: ${small ? `setns(0): ` : `reassociate to namespace 'ns/ipc' failed: `}Operation not permitted\n`,
      );
      return 1;
    }
    err(
      small
        ? `nsenter: can't open '${path}': No such file or directory\n`
        : `nsenter: cannot open ${path}: No such file or directory\n`,
    );
    return 1;
  },
});

/** The process that `nsenter` is told, and the program behind its options. */
function nsenterWords(args: readonly string[]): { process?: number; words: string[] } {
  let process: number | undefined;
  for (let i = 1; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--') return { ...(process === undefined ? {} : { process }), words: args.slice(i + 1) };
    const target = /^(?:-t|--target=?)(\d*)$/.exec(arg);
    if (target) process = Number(target[1] || args[++i]) || 0;
    else if (!arg.startsWith('-'))
      return { ...(process === undefined ? {} : { process }), words: args.slice(i) };
  }
  return { ...(process === undefined ? {} : { process }), words: [] };
}

/** Programs that go to where another system is, as out of a container. */
export const beyond: readonly ShellCommand[] = [chroot, nsenter];
