import { identityOf } from '../../identity.ts';
import type { ShellCommand } from '../../shell.ts';
import { fail } from './accounts.ts';
import { program } from './getopt.ts';

/** Programs that run others as somebody else. */
export const gnuBecome: readonly ShellCommand[] = [
  program('su', async (call) => {
    const { args, shell, fs } = call;
    const at = args.findIndex((arg) => arg === '-c' || arg === '--command');
    const word = args.slice(1).find((arg, i) => !arg.startsWith('-') && i + 1 !== at + 1);
    const found = identityOf(fs, word ?? 'root');
    if (!found)
      return fail(
        call,
        `su: user ${word} does not exist or the user entry does not contain all the required fields`,
      );
    if (shell.identity.uid !== 0) {
      (call.isTerminal ? call.out : call.err)('Password: ');
      const secret = await call.stdinLine();
      await call.hooks.pause(2_000);
      if (!secret || call.hooks.knows?.(found.name, secret) !== true)
        return fail(call, '\nsu: Authentication failure');
    }
    if (/nologin|false/.test(found.shell)) return fail(call, 'This account is currently not available.');
    if (at > 0)
      return shell.become(found, (inner) =>
        inner.run(args[at + 1] ?? '', call, { apart: true, name: 'bash', command: true }),
      );
    if (!call.isTerminal)
      return shell.become(found, async (inner) =>
        inner.run(await call.stdin(), call, { apart: true, name: 'bash' }),
      );
    shell.switchTo(
      found,
      args.some((arg) => arg === '-' || arg === '-l'),
    );
    return 0;
  }),
  program('sudo doas', async (call) => {
    const { args, shell, fs } = call;
    const me = shell.identity;
    let i = 1;
    let target = 'root';
    let login = false;
    for (; args[i]?.startsWith('-'); i++) {
      if (args[i] === '-u') target = args[++i] ?? 'root';
      else if (/^-[a-zA-Z]*[is]/.test(args[i]!)) login = true;
      else if (args[i] === '-l') {
        call.out(
          `User ${me.name} may run the following commands on ${call.hooks.persona.hostname}:\n    (ALL : ALL) ALL\n${me.uid === 0 ? '' : '    (ALL) NOPASSWD: ALL\n'}`,
        );
        return 0;
      } else if (args[i] === '-V') {
        call.out('Sudo version 1.9.13p3\n');
        return 0;
      }
    }
    const rest = args
      .slice(i)
      .filter(
        (arg, k, all) =>
          !(/^[A-Za-z_]\w*=/.test(arg) && all.slice(0, k).every((one) => /^[A-Za-z_]\w*=/.test(one))),
      );
    if (me.uid !== 0 && !me.groups.some(({ name }) => name === 'sudo')) {
      (call.isTerminal ? call.out : call.err)(`[sudo] password for ${me.name}: `);
      if ((await call.stdinLine()) === null)
        return fail(
          call,
          `\nsudo: a terminal is required to read the password; either use the -S option to read from standard input or configure an askpass helper\nsudo: a password is required`,
        );
      return fail(call, `\n${me.name} is not in the sudoers file.`);
    }
    const found = identityOf(fs, target);
    if (!found)
      return fail(call, `sudo: unknown user ${target}\nsudo: error initializing audit plugin sudoers_audit`);
    if (rest.length === 0) {
      if (!login)
        return fail(
          call,
          'usage: sudo -h | -K | -k | -V\nusage: sudo -v [-ABkNnS] [-g group] [-h host] [-p prompt] [-u user]\nusage: sudo -l [-ABkNnS] [-g group] [-h host] [-p prompt] [-U user] [-u user]\n            [command [arg ...]]\nusage: sudo [-ABbEHkNnPS] [-r role] [-t type] [-C num] [-D directory] [-g group]\n            [-h host] [-p prompt] [-R directory] [-T timeout] [-u user] [VAR=value]\n            [-i | -s] [command [arg ...]]',
        );
      if (call.isTerminal) shell.switchTo(found, true);
      return 0;
    }
    if (rest[0] === 'su' && call.isTerminal) {
      shell.switchTo(
        identityOf(fs, rest.slice(1).find((arg) => !arg.startsWith('-')) ?? 'root') ?? found,
        true,
      );
      return 0;
    }
    if (!shell.which(rest[0]!)) return fail(call, `sudo: ${rest[0]}: command not found`);
    return shell.become(found, (inner) => inner.callProgram(rest, call));
  }),
];
