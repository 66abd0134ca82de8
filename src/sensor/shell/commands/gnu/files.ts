// Over 300 lines: the programs of coreutils that change files, one after the other.
import { FsError, fsError, join, nameOf } from '../../fs.ts';
import { records } from '../../identity.ts';
import type { Call, ShellCommand } from '../../shell.ts';
import { each, getopt, missingOperand, program, quoted } from './getopt.ts';
import { alteredMode, validMode } from './mode.ts';

const copyLimit = 2_000;

const cp = program('cp mv install', (call) => {
  const { args, fs, shell } = call;
  const name = args[0]!;
  const options = getopt(call, 'abdfHilLnpPrRsS:t:TuvxZDcm:o:g:', {
    recursive: 'r',
    force: 'f',
    archive: 'a',
    verbose: 'v',
    'target-directory': 't:',
    'no-clobber': 'n',
    preserve: 'p',
    update: 'u',
    interactive: 'i',
    mode: 'm:',
  });
  if (!options) return 1;
  const { flags, words } = options;
  if (name === 'install' && flags.has('d'))
    return each(
      call,
      words,
      (word) => makeAll(call, word),
      (word, error) => `cannot create directory ${quoted(call, word)}: ${error.message}`,
    );
  const target = flags.get('t') ?? words.pop();
  if (target === undefined) return missingOperand(call, 'file operand');
  if (words.length === 0) {
    call.err(
      `${name}: missing destination file operand after '${target}'\nTry '${name} --help' for more information.\n`,
    );
    return 1;
  }
  const into = fs.exists(shell.path(target)) && fs.stat(shell.path(target)).kind === 'dir' && !flags.has('T');
  if (words.length > 1 && !into) {
    call.err(
      `${name}: target '${target}'${fs.exists(shell.path(target)) ? ' is not a directory' : ': No such file or directory'}\n`,
    );
    return 1;
  }
  const deep = flags.has('r') || flags.has('R') || flags.has('a');
  return each(
    call,
    words,
    (word) => {
      const from = shell.path(word);
      const to = shell.path(into ? `${target}/${nameOf(word.replace(/\/+$/, ''))}` : target);
      if (flags.has('n') && fs.exists(to)) return;
      const node = fs.stat(from, name !== 'mv');
      if (name === 'mv') fs.rename(from, to);
      else if (node.kind === 'dir') {
        if (!deep) throw fsError('EISDIR');
        copyTree(call, from, to, { left: copyLimit });
      } else fs.copy(from, to);
      if (name === 'install') fs.chmod(to, Number.parseInt(flags.get('m') ?? '755', 8) || 0o755);
      if (flags.has('v'))
        call.out(
          name === 'mv'
            ? `renamed '${word}' -> '${into ? join(target, nameOf(word)) : target}'\n`
            : `'${word}' -> '${into ? join(target, nameOf(word)) : target}'\n`,
        );
      if (node.foreign) shell.written.add(fs.resolve(to));
    },
    (word, error) => {
      if (!fs.existsItself(shell.path(word))) return `cannot stat '${word}': ${error.message}`;
      if (error.errno === 'EISDIR' && name !== 'mv') return `-r not specified; omitting directory '${word}'`;
      const shown = into ? join(target, nameOf(word)) : target;
      return name === 'mv'
        ? `cannot move '${word}' to '${shown}': ${error.message}`
        : `cannot create regular file '${shown}': ${error.message}`;
    },
  );
});

function copyTree(call: Call, from: string, to: string, budget: { left: number }): void {
  call.shell.step();
  if (budget.left-- <= 0) throw fsError('ENOSPC');
  const node = call.fs.stat(from, false);
  if (node.kind === 'link') call.fs.link(node.target!, to);
  else if (node.kind !== 'dir') call.fs.copy(from, to);
  else {
    if (!call.fs.exists(to)) call.fs.mkdir(to, node.mode);
    for (const name of call.fs.list(from)) copyTree(call, join(from, name), join(to, name), budget);
  }
}

const ln = program('ln link', (call) => {
  const { fs, shell } = call;
  const options = getopt(call, 'bdfFiLnPrsS:t:Tv', {
    symbolic: 's',
    force: 'f',
    'no-dereference': 'n',
    verbose: 'v',
  });
  if (!options) return 1;
  const { flags, words } = options;
  if (words.length === 0) return missingOperand(call, 'file operand');
  const target = words.length > 1 ? words.pop()! : '.';
  const into = fs.exists(shell.path(target)) && fs.stat(shell.path(target), !flags.has('n')).kind === 'dir';
  return each(
    call,
    words,
    (word) => {
      const to = shell.path(into ? `${target}/${nameOf(word)}` : target);
      if (!flags.has('s')) fs.stat(shell.path(word));
      if (flags.has('f') && fs.existsItself(to)) fs.remove(to);
      if (flags.has('s')) fs.link(word, to);
      else if (fs.exists(to)) throw fsError('EEXIST');
      else fs.copy(shell.path(word), to);
    },
    (word, error) =>
      !flags.has('s') && !fs.exists(shell.path(word))
        ? `failed to access '${word}': ${error.message}`
        : `failed to create ${flags.has('s') ? 'symbolic' : 'hard'} link '${into ? join(target, nameOf(word)) : target}': ${error.message}`,
  );
});

const rm = program('rm unlink shred', (call) => {
  const { fs, shell } = call;
  const options = getopt(call, 'dfiIrRvuzn:', {
    recursive: 'r',
    force: 'f',
    verbose: 'v',
    'no-preserve-root': 'root',
    remove: 'u',
    dir: 'd',
  });
  if (!options) return 1;
  const { flags, words } = options;
  const name = call.args[0]!;
  const deep = flags.has('r') || flags.has('R');
  if (words.length === 0) return flags.has('f') ? 0 : missingOperand(call);
  return each(
    call,
    words,
    (word) => {
      const path = shell.path(word);
      if (flags.has('f') && !fs.existsItself(path)) return;
      if (/^(\.|\.\.|.*\/\.{1,2})$/.test(word) && deep) throw fsError('EINVAL');
      shell.capture(path, 'removed');
      if (name === 'shred' && !flags.has('u')) return;
      if (fs.resolve(path, { follow: false }) === '/') throw fsError('EINVAL');
      fs.remove(path, deep);
      if (flags.has('v')) call.out(`removed '${word}'\n`);
    },
    (word, error) => {
      if (error.errno === 'EINVAL' && shell.path(word).replace(/\/+/g, '/') === '/')
        return "it is dangerous to operate recursively on '/'\nrm: use --no-preserve-root to override this failsafe";
      if (error.errno === 'EINVAL') return `refusing to remove '.' or '..' directory: skipping '${word}'`;
      return `cannot ${name === 'unlink' ? 'unlink' : 'remove'} '${word}': ${error.message}`;
    },
  );
});

const mkdir = program('mkdir rmdir mkfifo mknod', (call) => {
  const { fs, shell } = call;
  const name = call.args[0]!;
  const options = getopt(call, 'm:pvZ', {
    parents: 'p',
    mode: 'm:',
    verbose: 'v',
    'ignore-fail-on-non-empty': 'ignore',
  });
  if (!options) return 1;
  const { flags, words } = options;
  if (words.length === 0) return missingOperand(call);
  if (name === 'mkfifo' || name === 'mknod')
    return each(
      call,
      words.slice(0, name === 'mknod' ? 1 : words.length),
      (word) => {
        if (fs.existsItself(shell.path(word))) throw fsError('EEXIST');
        fs.touch(shell.path(word));
      },
      (word, error) =>
        name === 'mkfifo' ? `cannot create fifo '${word}': ${error.message}` : `${word}: ${error.message}`,
    );
  if (name === 'rmdir')
    return each(
      call,
      words,
      (word) => {
        const path = shell.path(word);
        if (fs.stat(path, false).kind !== 'dir') throw fsError('ENOTDIR');
        if (fs.list(path).length) throw fsError('ENOTEMPTY');
        fs.remove(path, true);
      },
      (word, error) => `failed to remove '${word}': ${error.message}`,
    );
  return each(
    call,
    words,
    (word) => {
      if (flags.has('p')) makeAll(call, word);
      else fs.mkdir(shell.path(word));
      if (flags.has('m')) fs.chmod(shell.path(word), alteredMode(0o777, flags.get('m')!));
      if (flags.has('v')) call.out(`mkdir: created directory '${word}'\n`);
    },
    (word, error) => `cannot create directory ${quoted(call, word)}: ${error.message}`,
  );
});

function makeAll({ fs, shell }: Call, word: string): void {
  let path = word.startsWith('/') ? '' : shell.cwd;
  for (const name of word.split('/').filter(Boolean)) {
    shell.step();
    path += `/${name}`;
    if (!fs.exists(path)) fs.mkdir(path);
  }
  if (fs.stat(shell.path(word)).kind !== 'dir') throw fsError('EEXIST');
}

const touch = program('touch', (call) => {
  const options = getopt(call, 'acd:fhmr:t:', { 'no-create': 'c', date: 'd:', reference: 'r:' });
  if (!options) return 1;
  const { flags, words } = options;
  if (words.length === 0) return missingOperand(call, 'file operand');
  const { fs, shell, hooks } = call;
  const given = flags.get('t');
  const stamp = /^(\d{2})?(\d{2})?(\d{2})(\d{2})(\d{2})(\d{2})(?:\.(\d{2}))?$/.exec(given ?? '');
  const year = stamp
    ? stamp[1] && stamp[2]
      ? Number(stamp[1] + stamp[2])
      : stamp[1]
        ? 2_000 + Number(stamp[1])
        : new Date(hooks.now()).getUTCFullYear()
    : 0;
  const at = stamp
    ? Date.UTC(year, Number(stamp[3]) - 1, Number(stamp[4]), Number(stamp[5]), Number(stamp[6]))
    : flags.has('d')
      ? Date.parse(`${flags.get('d')}Z`) || Date.parse(flags.get('d')!)
      : flags.has('r') && fs.exists(shell.path(flags.get('r')!))
        ? fs.stat(shell.path(flags.get('r')!)).mtime
        : Number.NaN;
  return each(
    call,
    words,
    (word) => {
      const path = shell.path(word);
      if (flags.has('c') && !fs.exists(path)) return;
      if (/^\/sys\/[^/]*$/.test(path) && !fs.exists(path)) throw fsError('EACCES');
      fs.touch(path);
      if (Number.isFinite(at)) fs.date(path, at);
    },
    (word, error) => `cannot touch '${word}': ${error.message}`,
  );
});

const chmod = program('chmod', (call) => {
  const { args, fs, shell } = call;
  const deep = args.some((arg) => arg === '-R' || arg === '--recursive');
  const [mode, ...paths] = args.slice(1).filter((arg, i) => !(/^-[Rcvf]+$|^--/.test(arg) && i < 3));
  if (mode === undefined) return missingOperand(call);
  if (paths.length === 0) {
    call.err(
      `chmod: missing operand after ${quoted(call, mode)}\nTry 'chmod --help' for more information.\n`,
    );
    return 1;
  }
  if (!validMode(mode)) {
    call.err(`chmod: invalid mode: ${quoted(call, mode)}\nTry 'chmod --help' for more information.\n`);
    return 1;
  }
  const change = (path: string, depth: number) => {
    shell.step();
    const node = fs.stat(path);
    const next = alteredMode(node.mode, mode, node.kind === 'dir');
    fs.chmod(path, next);
    if (node.kind === 'file' && next & 0o111) shell.capture(path, 'made executable');
    if (deep && node.kind === 'dir' && depth < 32)
      for (const name of fs.list(path)) if (fs.exists(join(path, name))) change(join(path, name), depth + 1);
  };
  return each(
    call,
    paths,
    (word) => change(shell.path(word), 0),
    (word, error) =>
      error.errno === 'ENOENT'
        ? `cannot access '${word}': ${error.message}`
        : `changing permissions of '${word}': ${error.message}`,
  );
});

const chown = program('chown chgrp', (call) => {
  const { fs, shell } = call;
  const options = getopt(call, 'cfhHLPRv', {
    recursive: 'R',
    'no-dereference': 'h',
    from: 'from:',
    reference: 'reference:',
  });
  if (!options) return 1;
  const [who, ...paths] = options.words;
  if (who === undefined) return missingOperand(call);
  if (paths.length === 0) {
    call.err(
      `${call.args[0]}: missing operand after ${quoted(call, who)}\nTry '${call.args[0]} --help' for more information.\n`,
    );
    return 1;
  }
  const [user = '', group] = call.args[0] === 'chgrp' ? ['', who] : who.split(/[:.]/, 2);
  const find = (path: '/etc/passwd' | '/etc/group', name: string) =>
    /^\d+$/.test(name)
      ? Number(name)
      : Number(records(fs, path).find((one) => one[0] === name)?.[2] ?? Number.NaN);
  const owner: { uid?: number; gid?: number } = {};
  for (const [name, path, key, what] of [
    [user, '/etc/passwd', 'uid', 'user'],
    [group ?? '', '/etc/group', 'gid', 'group'],
  ] as const) {
    if (name === '') continue;
    const id = find(path, name);
    if (Number.isNaN(id)) {
      call.err(`${call.args[0]}: invalid ${what}: ${quoted(call, who)}\n`);
      return 1;
    }
    owner[key] = id;
  }
  const change = (path: string, depth: number) => {
    shell.step();
    fs.chown(path, owner);
    if (options.flags.has('R') && depth < 32 && fs.stat(path).kind === 'dir')
      for (const name of fs.list(path)) change(join(path, name), depth + 1);
  };
  return each(
    call,
    paths,
    (word) => change(shell.path(word), 0),
    (word, error) =>
      error.errno === 'ENOENT'
        ? `cannot access '${word}': ${error.message}`
        : `changing ownership of '${word}': ${error.message}`,
  );
});

const chattr = program('chattr lsattr', (call) => {
  const { args, fs, shell } = call;
  const letters = 'suiaAcdDeijPStTuFxCE';
  const signed = args
    .slice(1)
    .filter((arg) => /^[-+=][a-zA-Z]+$/.test(arg) && args[0] === 'chattr' && !/^-[RVf]+$/.test(arg));
  const paths = args.slice(1).filter((arg) => !/^[-+=]./.test(arg));
  if (args[0] === 'lsattr') {
    const list = (paths.length ? paths : ['.']).flatMap((word) =>
      fs.exists(shell.path(word)) && fs.stat(shell.path(word)).kind === 'dir' && !args.includes('-d')
        ? fs.list(shell.path(word)).map((name) => join(word, name))
        : [word],
    );
    let status = 0;
    for (const word of list) {
      if (!fs.exists(shell.path(word))) {
        call.err(`lsattr: No such file or directory while trying to stat ${word}\n`);
        status = 1;
        continue;
      }
      const set = fs.stat(shell.path(word)).attributes ?? '';
      const marks = [...'suSDiadAcEjItTeCxFNPVm']
        .map((mark) => (mark === 'e' || set.includes(mark) ? mark : '-'))
        .join('');
      call.out(`${marks} ${word}\n`);
    }
    return status;
  }
  const bad = signed.find((arg) => [...arg.slice(1)].some((letter) => !letters.includes(letter)));
  if (signed.length === 0 || paths.length === 0 || bad) {
    call.err('Usage: chattr [-RVf] [-+=aAcCdDeijPsStTuFx] [-p project] [-v version] files...\n');
    return 1;
  }
  let status = 0;
  for (const word of paths) {
    try {
      const path = shell.path(word);
      let set = fs.stat(path).attributes ?? '';
      for (const arg of signed) {
        const more = arg.slice(1);
        set =
          arg[0] === '='
            ? more
            : arg[0] === '+'
              ? set + more
              : [...set].filter((letter) => !more.includes(letter)).join('');
      }
      fs.mark(path, [...new Set(set)].join(''));
    } catch (error) {
      if (!(error instanceof FsError)) throw error;
      call.err(
        error.errno === 'ENOENT'
          ? `chattr: No such file or directory while trying to stat ${word}\n`
          : `chattr: ${error.message} while setting flags on ${word}\n`,
      );
      status = 1;
    }
  }
  return status;
});

export const gnuFiles: readonly ShellCommand[] = [cp, ln, rm, mkdir, touch, chmod, chown, chattr];
