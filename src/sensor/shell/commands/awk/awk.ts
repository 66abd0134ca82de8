import { FsError } from '../../fs.ts';
import { RegexFault } from '../../regex.ts';
import { type Call, defineCommand } from '../../shell.ts';
import { reading } from '../../streams.ts';
import { parseAwk } from './parse.ts';
import { Awk } from './run.ts';
import { AwkFault } from './syntax.ts';

const usage =
  'Usage: mawk [Options] [Program] [file ...]\n\nProgram:\n    The -f option value is the name of a file containing program text.\n';

/** awk(1), in mawk's words. */
export async function runAwk(call: Call): Promise<number> {
  const variables: [string, string][] = [];
  let program: string | undefined;
  let i = 1;
  for (; i < call.args.length; i++) {
    const arg = call.args[i]!;
    const [, letter = '', rest = ''] = /^-([Fvfe])([\s\S]*)$/.exec(arg) ?? [];
    if (letter === '') {
      if (arg === '--') i++;
      else if (/^-W|^--/.test(arg)) continue;
      break;
    }
    const value = rest || (call.args[++i] ?? '');
    if (letter === 'F') variables.push(['FS', value === 't' ? '\t' : unescaped(value)]);
    else if (letter === 'v') {
      const at = value.indexOf('=');
      if (at > 0) variables.push([value.slice(0, at), unescaped(value.slice(at + 1))]);
    } else if (letter === 'e') program = value;
    else {
      const path = call.shell.path(value);
      if (!call.fs.exists(path)) {
        call.err(`${call.args[0]}: cannot open ${value} (No such file or directory)\n`);
        return 2;
      }
      call.shell.capture(path, 'run');
      program = call.fs.read(path).toString('latin1', 0, 65_536);
    }
  }
  program ??= call.args[i++];
  if (program === undefined) {
    call.err(usage);
    return 2;
  }
  const files = call.args.slice(i);
  let status = 0;
  const inputs = async () => {
    const all: { name: string; text: string }[] = [];
    const named = files.filter((file) => !/^[A-Za-z_]\w*=/.test(file));
    for (const file of named.length ? named : ['-']) {
      try {
        const text =
          file === '-' ? await call.stdin() : call.fs.read(call.shell.path(file)).toString('latin1');
        call.shell.step(text.length >> 8);
        all.push({ name: file, text });
      } catch (error) {
        if (!(error instanceof FsError)) throw error;
        call.err(`awk: cannot open ${file} (${error.message})\n`);
        status = 2;
      }
    }
    return all;
  };
  for (const file of files) {
    const [, name, value] = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(file) ?? [];
    if (name !== undefined) variables.push([name, unescaped(value!)]);
  }
  try {
    const awk = new Awk(parseAwk(program), worldOf(call), variables);
    return (await awk.run(inputs)) || status;
  } catch (error) {
    if (!(error instanceof AwkFault) && !(error instanceof RegexFault)) throw error;
    call.err(`${call.args[0]}: ${error.message}\n`);
    return 2;
  }
}

function worldOf(call: Call) {
  const { fs, shell, hooks } = call;
  return {
    out: (text: string) => call.out(text),
    step: (count = 1) => shell.step(count & 3 ? 1 : count >> 2),
    read: (path: string) =>
      fs.exists(shell.path(path)) ? fs.read(shell.path(path)).toString('latin1') : undefined,
    write(path: string, text: string, append: boolean) {
      fs.write(shell.path(path), Buffer.from(text, 'latin1'), { append });
      shell.written.add(fs.resolve(shell.path(path)));
    },
    async command(script: string, input: string | null) {
      let output = '';
      const add = (more: string) => {
        output += more;
      };
      const status = await shell.run(
        script,
        { ...call, ...reading(input ?? ''), out: add },
        { apart: true, name: 'sh' },
      );
      return { output, status };
    },
    now: () => hooks.now(),
    random: () => hooks.random(),
  };
}

function unescaped(text: string): string {
  return text.replace(/\\([nt\\"/])/g, (_, letter: string) => ({ n: '\n', t: '\t' })[letter] ?? letter);
}

export const awk = defineCommand({ names: ['awk', 'mawk', 'gawk', 'nawk'], folder: '/usr/bin', run: runAwk });
