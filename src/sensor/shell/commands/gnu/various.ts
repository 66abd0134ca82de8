// Over 300 lines: small programs that have nothing to share with each other.
import { FsError, join } from '../../fs.ts';
import { nameOfId } from '../../identity.ts';
import { matches } from '../../pattern.ts';
import type { ShellCommand } from '../../shell.ts';
import { modeText } from '../listing.ts';
import { each, getopt, missingOperand, program, quoted, sources } from './getopt.ts';
import { humanSize } from './ls.ts';

const stat = program('stat', (call) => {
  const options = getopt(call, 'Lfc:t', { format: 'c:', printf: 'printf:', dereference: 'L', terse: 't' });
  if (!options) return 1;
  const { fs, shell } = call;
  if (options.words.length === 0) return missingOperand(call);
  return each(
    call,
    options.words,
    (word) => {
      const node = fs.stat(shell.path(word), options.flags.has('L'));
      const size = node.kind === 'dir' ? 4_096 : node.kind === 'link' ? node.target!.length : fs.size(node);
      const kinds = {
        file: size ? 'regular file' : 'regular empty file',
        dir: 'directory',
        link: 'symbolic link',
        device: 'character special file',
      };
      const mode = (node.mode & 0o7777).toString(8);
      const [user, group] = [nameOfId(fs, '/etc/passwd', node.uid), nameOfId(fs, '/etc/group', node.gid)];
      const time = `${new Date(node.mtime).toISOString().replace('T', ' ').replace('Z', '000000')} +0000`;
      const inode = 131_072 + ((word.length * 7_919 + size) % 400_000);
      const format = options.flags.get('c') ?? options.flags.get('printf');
      if (format !== undefined) {
        const letters: Record<string, string> = {
          n: word,
          s: String(size),
          a: mode,
          A: modeText(node),
          u: String(node.uid),
          g: String(node.gid),
          U: user,
          G: group,
          F: kinds[node.kind],
          Y: String(Math.floor(node.mtime / 1_000)),
          y: time,
          X: String(Math.floor(node.mtime / 1_000)),
          i: String(inode),
          h: '1',
          b: String(Math.ceil(size / 512)),
          N: `'${word}'`,
        };
        const text = format.replace(/%([a-zA-Z])/g, (all, letter: string) => letters[letter] ?? all);
        call.out(options.flags.has('c') ? `${text}\n` : text.replace(/\\n/g, '\n'));
        return;
      }
      call.out(
        `  File: ${word}${node.kind === 'link' ? ` -> ${node.target}` : ''}\n  Size: ${String(size).padEnd(15)}\tBlocks: ${String(Math.ceil(size / 4_096) * 8).padEnd(10)} IO Block: 4096   ${kinds[node.kind]}\nDevice: 8,1\tInode: ${String(inode).padEnd(11)} Links: ${node.kind === 'dir' ? 2 : 1}\nAccess: (${mode.padStart(4, '0')}/${modeText(node)})  Uid: (${String(node.uid).padStart(5)}/${user.padStart(8)})   Gid: (${String(node.gid).padStart(5)}/${group.padStart(8)})\nAccess: ${time}\nModify: ${time}\nChange: ${time}\n Birth: ${time}\n`,
      );
    },
    (word, error) => `cannot statx '${word}': ${error.message}`,
  );
});

const du = program('du', (call) => {
  const options = getopt(call, 'aAbBcd:hHkLlmsSxX:0', {
    summarize: 's',
    'human-readable': 'h',
    'max-depth': 'd:',
    total: 'c',
    all: 'a',
    bytes: 'b',
  });
  if (!options) return 1;
  const { flags, words } = options;
  const { fs, shell } = call;
  const depth = flags.has('s') ? 0 : Number(flags.get('d') ?? 64);
  const show = (kb: number, path: string) =>
    call.out(
      `${flags.has('h') ? humanSize(kb * 1_024) : flags.has('b') ? kb * 1_024 : flags.has('m') ? Math.ceil(kb / 1_024) : kb}\t${path}\n`,
    );
  const walk = (path: string, level: number): number => {
    shell.step();
    const node = fs.stat(shell.path(path), false);
    if (node.kind !== 'dir') {
      const kb = node.kind === 'file' ? Math.ceil(fs.size(node) / 4_096) * 4 : 0;
      if (level === 0 || (flags.has('a') && level <= depth)) show(kb, path);
      return kb;
    }
    let sum = 4;
    if (!/^\/(proc|sys)$/.test(shell.path(path)) && level < 48)
      for (const name of fs.list(shell.path(path))) sum += walk(join(path, name), level + 1);
    if (level <= depth) show(sum, path);
    return sum;
  };
  let total = 0;
  const status = each(
    call,
    words.length ? words : ['.'],
    (word) => {
      total += walk(word, 0);
    },
    (word, error) => `cannot access '${word}': ${error.message}`,
  );
  if (flags.has('c')) show(total, 'total');
  return status;
});

const which = program('which', (call) => {
  let status = 0;
  for (const name of call.args.slice(1).filter((arg) => !arg.startsWith('-'))) {
    const found = name.includes('/')
      ? call.fs.exists(call.shell.path(name))
        ? name
        : undefined
      : call.shell.program(name);
    if (found) call.out(`${found}\n`);
    else status = 1;
  }
  return status;
});

const editor = program('vi vim nano ed emacs vim.tiny less more pager view', async (call) => {
  const name = call.args[0]!;
  const path = call.args.slice(1).find((arg) => !/^[-+]/.test(arg));
  const pager = /^(less|more|pager|view)$/.test(name);
  const exists = path !== undefined && call.fs.exists(call.shell.path(path));
  if (pager && path !== undefined && !exists) {
    call.err(
      name === 'more'
        ? `more: cannot open ${path}: No such file or directory\n`
        : `${path}: No such file or directory\n`,
    );
    return 1;
  }
  const text = exists
    ? call.fs.read(call.shell.path(path)).toString('latin1', 0, 262_144)
    : pager && path === undefined
      ? await call.stdin()
      : '';
  if (!call.isTerminal || (pager && path === undefined)) {
    if (pager) call.out(text);
    else
      call.err(
        name === 'nano'
          ? 'Standard input is not a terminal\n'
          : 'Vim: Warning: Output is not to a terminal\nVim: Warning: Input is not from a terminal\n',
      );
    return pager ? 0 : 1;
  }
  const lines = text.split('\n').slice(0, 22);
  call.out(
    `\x1b[?1049h\x1b[H\x1b[2J${lines.join('\n')}\n${pager ? `\x1b[7m${path ?? ''}\x1b[27m` : name === 'nano' ? `\x1b[7m[ ${exists ? `Read ${text.split('\n').length - 1} lines` : 'New File'} ]\x1b[27m` : `"${path ?? ''}"${exists ? ` ${text.split('\n').length - 1}L, ${text.length}B` : ' [New]'}`}`,
  );
  // What is typed is told; nothing of it reaches the file.
  for (let line = await call.stdinLine(); line !== null; line = await call.stdinLine()) {
    call.shell.step(16);
    if (/^q|:(q|wq|x|wq!|q!)|\x18|\x1b/.test(line)) break;
  }
  call.out('\x1b[?1049l');
  return 0;
});

/** tar(1) and the packers: what is made has the name and the size, what is opened is taken for broken or for empty. */
const archive = program(
  'tar gzip gunzip zcat bzip2 bunzip2 bzcat xz unxz xzcat zip unzip cpio',
  async (call) => {
    const { args, fs, shell } = call;
    const name = args[0]!;
    const flags = args
      .slice(1)
      .filter((arg, i) => arg.startsWith('-') || (name === 'tar' && i === 0))
      .join('');
    const words = args
      .slice(1)
      .filter((arg, i) => !arg.startsWith('-') && !(name === 'tar' && i === 0 && !arg.startsWith('-')));
    if (name === 'tar') {
      const file = args.slice(1).some((arg, i) => /f$/.test(arg) && (i === 0 || arg.startsWith('-')))
        ? words.shift()
        : undefined;
      if (!/[cxtru]/.test(flags)) {
        call.err(
          "tar: You must specify one of the '-Acdtrux', '--delete' or '--test-label' options\nTry 'tar --help' or 'tar --usage' for more information.\n",
        );
        return 2;
      }
      if (/[xt]/.test(flags)) {
        if (file !== undefined && file !== '-' && !fs.exists(shell.path(file))) {
          call.err(
            `tar: ${file}: Cannot open: No such file or directory\ntar: Error is not recoverable: exiting now\n`,
          );
          return 2;
        }
        if (file !== undefined && file !== '-') shell.capture(file, 'unpacked');
        call.err(
          /z/.test(flags)
            ? '\ngzip: stdin: not in gzip format\ntar: Child returned status 1\ntar: Error is not recoverable: exiting now\n'
            : 'tar: This does not look like a tar archive\ntar: Exiting with failure status due to previous errors\n',
        );
        return 2;
      }
      if (file !== undefined && file !== '-') fs.settle(shell.path(file), Buffer.alloc(10_240));
      if (/v/.test(flags)) for (const word of words) call.out(`${word}\n`);
      return 0;
    }
    if (name === 'unzip') {
      const file = words[0];
      if (file === undefined || !fs.exists(shell.path(file))) {
        call.err(`unzip:  cannot find or open ${file}, ${file}.zip or ${file}.ZIP.\n`);
        return 9;
      }
      shell.capture(file, 'unpacked');
      call.err(
        `Archive:  ${file}\n  End-of-central-directory signature not found.  Either this file is not\n  a zipfile, or it constitutes one disk of a multi-part archive.\n`,
      );
      return 9;
    }
    if (name === 'zip' || name === 'cpio') return 0;
    const tool = name
      .replace('gunzip', 'gzip')
      .replace('zcat', 'gzip')
      .replace(/^b(un|zc).*/, 'bzip2')
      .replace(/^(un)?xz.*/, 'xz');
    const opens =
      /^(gunzip|zcat|bunzip2|bzcat|unxz|xzcat)$/.test(name) || /d/.test(flags.replace(/--\w+/g, ''));
    if (words.length === 0) {
      const text = await call.stdin();
      if (opens && text) call.err(`\n${tool}: stdin: not in ${tool} format\n`);
      else call.out(text);
      return opens && text ? 1 : 0;
    }
    const suffix = { gzip: '.gz', bzip2: '.bz2' }[tool] ?? '.xz';
    return each(
      call,
      words,
      (word) => {
        const path = shell.path(word);
        if (opens) {
          const real = fs.exists(path) ? path : `${path}${suffix}`;
          fs.stat(real);
          shell.capture(real, 'unpacked');
          call.err(`\n${tool}: ${word}: not in ${tool} format\n`);
        } else {
          fs.stat(path);
          shell.capture(path, 'packed');
          fs.rename(path, `${path}${suffix}`);
        }
      },
      (word, error) => `${opens && !word.endsWith(suffix) ? `${word}${suffix}` : word}: ${error.message}`,
    );
  },
);

export const gnuVarious: readonly ShellCommand[] = [
  stat,
  du,
  which,
  editor,
  archive,
  program('whereis', ({ args, shell, out, fs }) => {
    for (const name of args.slice(1).filter((arg) => !arg.startsWith('-'))) {
      const found = ['/usr/bin', '/usr/sbin', '/usr/lib', '/etc', '/usr/local/bin']
        .map((folder) => `${folder}/${name}`)
        .filter((path) => fs.exists(path));
      out(`${name}:${found.map((path) => ` ${path}`).join('')}\n`);
      shell.step();
    }
    return 0;
  }),
  program('locate plocate updatedb', (call) => {
    if (call.args[0] === 'updatedb') return 0;
    const pattern = call.args.slice(1).find((arg) => !arg.startsWith('-')) ?? '';
    let count = 0;
    const walk = (path: string, depth: number) => {
      if (depth > 6 || count > 5_000 || /^\/(proc|sys|dev|run|tmp)$/.test(path)) return;
      for (const name of call.fs.list(path)) {
        const full = join(path, name);
        if (count++ % 8 === 0) call.shell.step();
        if (/[*?[]/.test(pattern) ? matches(pattern, full) : full.includes(pattern)) call.out(`${full}\n`);
        if (call.fs.stat(full, false).kind === 'dir') walk(full, depth + 1);
      }
    };
    try {
      walk('/', 0);
    } catch (error) {
      if (!(error instanceof FsError)) throw error;
    }
    return 0;
  }),
  program('env printenv', async (call) => {
    const { args, shell, out } = call;
    const rest = args.slice(1);
    if (args[0] === 'printenv' && rest.length) {
      const value = shell.variables.get(rest[0]!);
      if (value !== undefined) out(`${value}\n`);
      return Number(value === undefined);
    }
    while (rest[0]?.startsWith('-')) rest.splice(0, rest[0] === '-u' || rest[0] === '-C' ? 2 : 1);
    while (/^[A-Za-z_]\w*=/.test(rest[0] ?? '')) rest.shift();
    if (rest.length === 0) {
      for (const [name, value] of shell.variables)
        if (name !== '!' && shell.exported(name)) out(`${name}=${value}\n`);
      return 0;
    }
    if (!shell.which(rest[0]!)) {
      call.err(`env: ${quoted(call, rest[0]!)}: No such file or directory\n`);
      return 127;
    }
    return shell.callProgram(rest, call);
  }),
  program('tty', ({ isTerminal, shell, out }) => {
    out(isTerminal && shell.interactive ? '/dev/pts/0\n' : 'not a tty\n');
    return Number(!shell.interactive);
  }),
  program('stty reset clear tput setterm', ({ args, out }) => {
    if (args[0] === 'clear' || args[0] === 'reset') out('\x1b[H\x1b[2J\x1b[3J');
    else if (args[1] === 'size') out('24 80\n');
    return 0;
  }),
  program('file', async (call) => {
    for (const word of call.args.slice(1).filter((arg) => !arg.startsWith('-'))) {
      const path = call.shell.path(word);
      if (!call.fs.existsItself(path)) {
        call.out(`${word}: cannot open \`${word}' (No such file or directory)\n`);
        continue;
      }
      const node = call.fs.stat(path, false);
      const head = node.kind === 'file' ? call.fs.read(path).subarray(0, 256) : Buffer.alloc(0);
      const text = head.toString('latin1');
      const kind =
        node.kind === 'dir'
          ? 'directory'
          : node.kind === 'link'
            ? `symbolic link to ${node.target}`
            : node.kind === 'device'
              ? 'character special'
              : head.length === 0
                ? 'empty'
                : text.startsWith('\x7fELF')
                  ? `ELF ${head[4] === 2 ? 64 : 32}-bit LSB pie executable, x86-64, version 1 (SYSV), dynamically linked, stripped`
                  : /^#!.*bash/.test(text)
                    ? 'Bourne-Again shell script, ASCII text executable'
                    : text.startsWith('#!')
                      ? 'POSIX shell script, ASCII text executable'
                      : /^[\t\n\r -~]*$/.test(text)
                        ? 'ASCII text'
                        : 'data';
      call.out(`${word}: ${kind}\n`);
    }
    return 0;
  }),
  program('expr', (call) => {
    const words = call.args.slice(1);
    if (words.length === 0) return missingOperand(call, 'operand', 2);
    const [a = '', op, b = ''] = words;
    let value: string;
    if (op === undefined) value = a;
    else if (a === 'length') value = String(op.length);
    else if (a === 'substr') value = op.slice(Math.max(0, Number(b) - 1), Number(b) - 1 + Number(words[3]));
    else if (/^[-+*/%]$/.test(op)) {
      if (!/^-?\d+$/.test(a) || !/^-?\d+$/.test(b)) {
        call.err('expr: non-integer argument\n');
        return 2;
      }
      if (/[/%]/.test(op) && Number(b) === 0) {
        call.err('expr: division by zero\n');
        return 2;
      }
      const [x, y] = [Number(a), Number(b)];
      value = String(
        op === '+' ? x + y : op === '-' ? x - y : op === '*' ? x * y : op === '/' ? Math.trunc(x / y) : x % y,
      );
    } else {
      const [x, y] = /^-?\d+$/.test(a) && /^-?\d+$/.test(b) ? [Number(a), Number(b)] : [a, b];
      const results: Record<string, boolean> = {
        '=': x === y,
        '==': x === y,
        '!=': x !== y,
        '<': x < y,
        '<=': x <= y,
        '>': x > y,
        '>=': x >= y,
      };
      value = String(Number(results[op] ?? false));
    }
    call.out(`${value}\n`);
    return value === '0' || value === '' ? 1 : 0;
  }),
  program('factor', ({ args, out }) => {
    out(
      args
        .slice(1)
        .map((arg) => `${arg}: ${arg}\n`)
        .join(''),
    );
    return 0;
  }),
  program('hostid', ({ hooks, out }) => {
    out(`${hooks.persona.token('hostid', 8)}\n`);
    return 0;
  }),
  program('diff cmp', async (call) => {
    const words = call.args.slice(1).filter((arg) => !arg.startsWith('-'));
    const { all, failed } = await sources(call, words);
    if (failed || all.length < 2) return 2;
    if (all[0]!.text === all[1]!.text) return 0;
    if (call.args[0] === 'cmp') call.out(`${words[0]} ${words[1]} differ: byte 1, line 1\n`);
    else {
      const [a, b] = all.map(({ text }) => text.split('\n').slice(0, -1));
      call.out(
        `1,${a!.length}c1,${b!.length}\n${a!.map((line) => `< ${line}\n`).join('')}---\n${b!.map((line) => `> ${line}\n`).join('')}`,
      );
    }
    return 1;
  }),
  program('split csplit', () => 0),
  program('screen tmux script', async (call) => {
    const at = call.args.findIndex((arg) => /^-\w*dm/.test(arg) || arg === '-c');
    const rest =
      at >= 0 ? call.args.slice(at + 1).filter((arg, i) => !arg.startsWith('-') && !(i > 0 && false)) : [];
    if (rest.length && call.shell.which(rest[0]!))
      return call.shell.callProgram(rest, { ...call, out: () => {} });
    if (call.args.includes('-ls'))
      call.out(`No Sockets found in /run/screen/S-${call.shell.identity.name}.\n\n`);
    return 0;
  }),
];
