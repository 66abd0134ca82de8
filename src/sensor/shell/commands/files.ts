import { FsError, fsError, nameOf } from '../fs.ts';
import { defineCommand, type ShellCommand } from '../shell.ts';
import { each } from './gnu/getopt.ts';
import { options, usage } from './help.ts';
import { longLine } from './listing.ts';

const cat = defineCommand({
  names: ['cat'],
  folder: '/bin',
  async run(call) {
    const { words } = options(call.args);
    if (words.length === 0) {
      call.out(await call.stdin());
      return 0;
    }
    const typed = words.includes('-') ? await call.stdin() : '';
    return each(
      call,
      words,
      (word) => call.out(word === '-' ? typed : call.fs.read(call.shell.path(word)).toString('latin1')),
      (word, error) =>
        error.errno === 'EISDIR' ? `read error: ${error.message}` : `can't open '${word}': ${error.message}`,
    );
  },
});

const cp = defineCommand({
  names: ['cp', 'mv', 'ln'],
  folder: '/bin',
  run(call) {
    const { args, fs, shell } = call;
    const { flags, words } = options(args);
    const name = args[0]!;
    const target = words.pop();
    if (target === undefined || words.length === 0) {
      return usage(
        call,
        `${name} [OPTIONS] SOURCE... DEST`,
        name === 'cp'
          ? 'Copy SOURCE(s) to DEST'
          : name === 'mv'
            ? 'Rename SOURCE to DEST, or move SOURCE(s) to DIRECTORY'
            : 'Create a link LINK or DIR/TARGET to the specified TARGET(s)',
      );
    }
    const into = fs.exists(shell.path(target)) && fs.stat(shell.path(target)).kind === 'dir';
    return each(
      call,
      words,
      (word) => {
        const to = shell.path(into ? `${target}/${nameOf(word)}` : target);
        if (name === 'ln') {
          if (flags.has('f') && fs.exists(to)) fs.remove(to);
          if (flags.has('s')) fs.link(word, to);
          else fs.copy(shell.path(word), to);
          return;
        }
        const node = fs.stat(shell.path(word));
        if (name === 'mv') fs.rename(shell.path(word), to);
        else if (node.kind === 'dir') throw fsError('EISDIR');
        else fs.copy(shell.path(word), to);
        if (node.foreign) shell.written.add(fs.resolve(to));
      },
      (word, error) =>
        error.errno === 'ENOENT' && !fs.exists(shell.path(word))
          ? name === 'mv'
            ? `can't rename '${word}': ${error.message}`
            : `can't stat '${word}': ${error.message}`
          : error.errno === 'EISDIR' && name === 'cp'
            ? `omitting directory '${word}'`
            : `can't create '${into ? `${target}/${nameOf(word)}` : target}': ${error.message}`,
    );
  },
});

const rm = defineCommand({
  names: ['rm', 'unlink'],
  folder: '/bin',
  run(call) {
    const { fs, shell } = call;
    const { flags, words } = options(call.args);
    const recursive = flags.has('r') || flags.has('R');
    if (words.length === 0)
      return flags.has('f') ? 0 : usage(call, 'rm [-irf] FILE...', 'Remove (unlink) FILEs');
    return each(
      call,
      words,
      (word) => {
        const path = shell.path(word);
        if (flags.has('f') && !fs.exists(path)) return;
        shell.capture(path, 'removed');
        fs.remove(path, recursive);
      },
      (word, error) =>
        error.errno === 'EISDIR' ? `'${word}' is a directory` : `can't remove '${word}': ${error.message}`,
    );
  },
});

const chmod = defineCommand({
  names: ['chmod'],
  folder: '/bin',
  run(call) {
    const { args, fs, shell } = call;
    const words = args.slice(1).filter((arg, i) => !(/^-[Rcvf]+$/.test(arg) && i < 3));
    const [mode, ...paths] = words;
    if (mode === undefined || paths.length === 0)
      return usage(
        call,
        'chmod [-Rcvf] MODE[,MODE]... FILE...',
        'MODE is octal number (bit pattern sstrwxrwxrwx) or [ugoa]{+|-|=}[rwxXst]',
      );
    if (!/^([0-7]{1,4}|([ugoa]*[-+=][rwxXst]*,?)+)$/.test(mode)) {
      call.err(`chmod: invalid mode '${mode}'\n`);
      return 1;
    }
    return each(
      call,
      paths,
      (word) => {
        const path = shell.path(word);
        const old = fs.stat(path).mode;
        const next = altered(old, mode);
        fs.chmod(path, next);
        if (next & 0o111) shell.capture(path, 'made executable');
      },
      (word, error) => `${word}: ${error.message}`,
    );
  },
});

function altered(old: number, mode: string): number {
  if (/^[0-7]+$/.test(mode)) return Number.parseInt(mode, 8);
  let value = old;
  for (const [, who = '', op, what = ''] of mode.matchAll(/([ugoa]*)([-+=])([rwxXst]*)/g)) {
    const bits = (what.includes('r') ? 4 : 0) | (what.includes('w') ? 2 : 0) | (/[xX]/.test(what) ? 1 : 0);
    let mask = 0;
    if (who === '' || /[ua]/.test(who)) mask |= bits << 6;
    if (who === '' || /[ga]/.test(who)) mask |= bits << 3;
    if (who === '' || /[oa]/.test(who)) mask |= bits;
    value = op === '-' ? value & ~mask : value | mask;
  }
  return value;
}

const mkdir = defineCommand({
  names: ['mkdir'],
  folder: '/bin',
  run(call) {
    const { fs, shell } = call;
    const { flags, words } = options(call.args, 'm');
    if (words.length === 0) return usage(call, 'mkdir [OPTIONS] DIRECTORY...', 'Create DIRECTORY');
    return each(
      call,
      words,
      (word) => {
        if (!flags.has('p')) return fs.mkdir(shell.path(word));
        let path = word.startsWith('/') ? '' : shell.cwd;
        for (const name of word.split('/').filter(Boolean)) {
          shell.step();
          path += `/${name}`;
          if (!fs.exists(path)) fs.mkdir(path);
        }
      },
      (word, error) => `can't create directory '${word}': ${error.message}`,
    );
  },
});

const ls = defineCommand({
  names: ['ls', 'dir'],
  folder: '/bin',
  run(call) {
    const { fs, shell, out, hooks } = call;
    const { flags, words } = options(call.args);
    const all = flags.has('a') || flags.has('A');
    const show = (names: { name: string; path: string }[]) => {
      for (const { name, path } of names) {
        shell.step();
        const node = fs.stat(path, false);
        out(flags.has('l') ? longLine(node, name, fs.size(node), hooks.now(), flags.has('h')) : `${name}\n`);
      }
    };
    return each(
      call,
      words.length ? words : ['.'],
      (word) => {
        const path = fs.resolve(shell.path(word));
        if (fs.stat(path).kind !== 'dir' || flags.has('d')) return show([{ name: word, path }]);
        if (words.length > 1) out(`${word === words[0] ? '' : '\n'}${word}:\n`);
        const names = fs.list(path).filter((name) => all || !name.startsWith('.'));
        const listed = names.map((name) => ({ name, path: `${path}/${name}` }));
        if (flags.has('a')) listed.unshift({ name: '.', path }, { name: '..', path: `${path}/..` });
        if (flags.has('l')) out(`total ${listed.length * 4}\n`);
        show(listed);
      },
      (word, error) => `${word}: ${error.message}`,
    );
  },
});

const touch = defineCommand({
  names: ['touch'],
  folder: '/bin',
  run: (call) =>
    each(
      call,
      options(call.args).words,
      (word) => call.fs.touch(call.shell.path(word)),
      (word, error) => `${word}: ${error.message}`,
    ),
});

const dd = defineCommand({
  names: ['dd'],
  folder: '/bin',
  async run({ args, fs, shell, stdin, out, err }) {
    const values = new Map(args.slice(1).map((arg) => arg.split('=', 2) as [string, string]));
    const size = (text: string | undefined, otherwise: number) => {
      const [, digits, unit = ''] = /^(\d{1,9})([kKmM]?)/.exec(text ?? '') ?? [];
      const factor = /k/i.test(unit) ? 1_024 : /m/i.test(unit) ? 1_048_576 : 1;
      return digits === undefined ? otherwise : Number(digits) * factor;
    };
    const from = values.get('if');
    let bytes: Buffer;
    try {
      bytes = from === undefined ? Buffer.from(await stdin(), 'latin1') : fs.read(shell.path(from));
    } catch (error) {
      if (!(error instanceof FsError)) throw error;
      err(`dd: can't open '${from}': ${error.message}\n`);
      return 1;
    }
    const block = size(values.get('bs'), 512);
    const skip = block * size(values.get('skip'), 0);
    const count = block * size(values.get('count'), Number.MAX_SAFE_INTEGER / Math.max(block, 1));
    const piece = bytes.subarray(skip, Math.min(bytes.length, skip + count));
    const to = values.get('of');
    if (to === undefined) out(piece.toString('latin1'));
    else {
      fs.write(shell.path(to), piece);
      shell.written.add(fs.resolve(shell.path(to)));
    }
    const whole = Math.floor(piece.length / block) || 0;
    const part = piece.length % block ? 1 : 0;
    err(`${whole}+${part} records in\n${whole}+${part} records out\n`);
    return 0;
  },
});

export const files: readonly ShellCommand[] = [cat, cp, rm, chmod, mkdir, ls, touch, dd];
