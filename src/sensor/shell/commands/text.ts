import { FsError } from '../fs.ts';
import { type Call, defineCommand, type ShellCommand } from '../shell.ts';
import { readEscapes } from './echo.ts';
import { options } from './help.ts';

/** The text of the named files, or of the standard input; errors are told and the rest still read. */
async function input(call: Call, words: string[]): Promise<string> {
  if (words.length === 0) return call.stdin();
  let text = '';
  for (const word of words) {
    try {
      text += call.fs.read(call.shell.path(word)).toString('latin1');
    } catch (error) {
      if (!(error instanceof FsError)) throw error;
      call.err(`${call.args[0]}: ${word}: ${error.message}\n`);
    }
  }
  call.shell.step(text.length >> 6);
  return text;
}

function lines(text: string): string[] {
  const all = text.split('\n');
  if (all.at(-1) === '') all.pop();
  return all;
}

const joined = (all: string[]) => (all.length ? `${all.join('\n')}\n` : '');

/** A pattern of grep or sed as a test on literal text: what needs a real engine is out of an attacker's reach. */
function finder(pattern: string, ignoreCase: boolean): (line: string) => boolean {
  const fold = (text: string) => (ignoreCase ? text.toLowerCase() : text);
  const anyOf = fold(pattern)
    .split(/\\?\|/)
    .map((one) => {
      const start = one.startsWith('^');
      const end = one.endsWith('$');
      const body = one
        .slice(start ? 1 : 0, end ? -1 : undefined)
        .replace(/\[(.)\]/g, '$1')
        .replace(/\\(.)/g, '$1');
      return { start, end, pieces: body.split('.*') };
    });
  return (line) => {
    const text = fold(line);
    return anyOf.some(({ start, end, pieces }) => {
      let at = 0;
      for (const [i, piece] of pieces.entries()) {
        const found = text.indexOf(piece, at);
        if (found < 0 || (i === 0 && start && found !== 0)) return false;
        at = found + piece.length;
      }
      return !end || text.endsWith(pieces.at(-1)!);
    });
  };
}

const grep = defineCommand({
  names: ['grep', 'egrep', 'fgrep'],
  folder: '/bin',
  async run(call) {
    const { flags, words } = options(call.args, 'emABC');
    const pattern = flags.get('e') ?? words.shift();
    if (pattern === undefined) return 2;
    const find = finder(pattern, flags.has('i'));
    const found = lines(await input(call, words)).filter((line) => find(line) !== flags.has('v'));
    if (flags.has('c')) call.out(`${found.length}\n`);
    else if (!flags.has('q')) call.out(joined(found));
    return found.length ? 0 : 1;
  },
});

const head = defineCommand({
  names: ['head', 'tail'],
  folder: '/usr/bin',
  async run(call) {
    const old = /^-(\d+)$/.exec(call.args[1] ?? '');
    const args = old ? [call.args[0]!, '-n', old[1]!, ...call.args.slice(2)] : call.args;
    const { flags, words } = options(args, 'nc');
    const text = await input(call, words);
    const first = call.args[0] === 'head';
    const bytes = flags.get('c');
    if (bytes !== undefined) {
      const count = Math.abs(Number.parseInt(bytes, 10)) || 0;
      call.out(first ? text.slice(0, count) : text.slice(Math.max(0, text.length - count)));
      return 0;
    }
    const wanted = flags.get('n') ?? '10';
    const count = Math.abs(Number.parseInt(wanted, 10)) || 0;
    const all = lines(text);
    if (first) call.out(joined(all.slice(0, count)));
    else
      call.out(
        joined(
          wanted.startsWith('+')
            ? all.slice(Math.max(0, count - 1))
            : all.slice(Math.max(0, all.length - count)),
        ),
      );
    return 0;
  },
});

const wc = defineCommand({
  names: ['wc'],
  folder: '/usr/bin',
  async run(call) {
    const { flags, words } = options(call.args);
    const text = await input(call, words);
    const counts: [string, number][] = [
      ['l', text.split('\n').length - 1],
      ['w', text.split(/\s+/).filter(Boolean).length],
      ['c', text.length],
    ];
    const shown = counts.filter(([flag]) => flags.size === 0 || flags.has(flag)).map(([, count]) => count);
    const name = words[0] ? ` ${words[0]}` : '';
    const plain = shown.length === 1;
    call.out(
      `${shown.map((count) => (plain ? String(count) : String(count).padStart(9))).join(' ')}${name}\n`,
    );
    return 0;
  },
});

const cut = defineCommand({
  names: ['cut'],
  folder: '/usr/bin',
  async run(call) {
    const { flags, words } = options(call.args, 'dfcb');
    const delimiter = flags.get('d') ?? '\t';
    const list = flags.get('f') ?? flags.get('c') ?? flags.get('b') ?? '1';
    const ranges = list.split(',').map((one) => {
      const [, from, dash, to] = /^(\d*)(-?)(\d*)$/.exec(one) ?? [];
      const low = Number(from || 1);
      return { low, high: dash ? Number(to || Number.MAX_SAFE_INTEGER) : low };
    });
    const byField = flags.has('f');
    const text = lines(await input(call, words)).map((line) => {
      const parts = byField ? line.split(delimiter) : [...line];
      if (byField && parts.length === 1) return line;
      return parts
        .filter((_, i) => ranges.some(({ low, high }) => i + 1 >= low && i + 1 <= high))
        .join(byField ? delimiter : '');
    });
    call.out(joined(text));
    return 0;
  },
});

const awk = defineCommand({
  names: ['awk'],
  folder: '/usr/bin',
  async run(call) {
    const { flags, words } = options(call.args, 'Fv');
    const program = words.shift() ?? '';
    const found = /^\s*(?:\/([^/]*)\/|(?:FN|N)R\s*==\s*(\d+))?\s*\{\s*print\s*([^}]*?);?\s*\}\s*$/.exec(
      program,
    );
    if (!found) return 0;
    const [, pattern, row, print = ''] = found;
    const find = pattern === undefined ? () => true : finder(pattern, false);
    const by = flags.get('F');
    const rows = lines(await input(call, words)).filter(
      (line, i) => find(line) && (row === undefined || i + 1 === Number(row)),
    );
    const shown = rows.map((line) => {
      const fields = by ? line.split(by) : line.trim().split(/\s+/);
      return (print || '$0')
        .split(',')
        .map((item) =>
          item
            .trim()
            .replace(
              /"([^"]*)"|\$(NF|\d+)|(NF)/g,
              (_, text: string | undefined, field: string | undefined) => {
                if (text !== undefined) return readEscapes(text).text;
                if (field === undefined) return String(fields.length);
                return field === '0'
                  ? line
                  : (fields[field === 'NF' ? fields.length - 1 : Number(field) - 1] ?? '');
              },
            ),
        )
        .join(' ');
    });
    call.out(joined(shown));
    return 0;
  },
});

const order = defineCommand({
  names: ['sort', 'uniq'],
  folder: '/usr/bin',
  async run(call) {
    const { flags, words } = options(call.args, 'kt');
    let all = lines(await input(call, words));
    call.shell.step(all.length);
    if (call.args[0] === 'sort')
      all.sort((a, b) =>
        flags.has('n') ? Number.parseFloat(a) - Number.parseFloat(b) || 0 : a < b ? -1 : Number(a > b),
      );
    if (flags.has('r')) all.reverse();
    if (call.args[0] === 'uniq' || flags.has('u')) all = all.filter((line, i) => line !== all[i - 1]);
    call.out(joined(all));
    return 0;
  },
});

const tr = defineCommand({
  names: ['tr'],
  folder: '/usr/bin',
  async run(call) {
    const { flags, words } = options(call.args);
    const spread = (text: string) =>
      readEscapes(text).text.replace(/([\s\S])-([\s\S])/g, (all, from: string, to: string) => {
        const [low, high] = [from.charCodeAt(0), to.charCodeAt(0)];
        return low <= high && high < 256
          ? Array.from({ length: high - low + 1 }, (_, i) => String.fromCharCode(low + i)).join('')
          : all;
      });
    const from = spread(words[0] ?? '');
    const to = spread(words[1] ?? '');
    const text = await call.stdin();
    call.shell.step(text.length >> 4);
    let result = '';
    for (const char of text) {
      const at = from.indexOf(char);
      if (at < 0) result += char;
      else if (!flags.has('d')) result += to[Math.min(at, to.length - 1)] ?? char;
    }
    call.out(result);
    return 0;
  },
});

const base64 = defineCommand({
  names: ['base64'],
  folder: '/usr/bin',
  async run(call) {
    const { flags, words } = options(call.args, 'w');
    const text = await input(call, words);
    if (flags.has('d')) call.out(Buffer.from(text, 'base64').toString('latin1'));
    else
      call.out(
        `${Buffer.from(text, 'latin1')
          .toString('base64')
          .replace(/.{76}(?=.)/g, '$&\n')}\n`,
      );
    return 0;
  },
});

const tee = defineCommand({
  names: ['tee'],
  folder: '/usr/bin',
  async run(call) {
    const { flags, words } = options(call.args);
    const text = await call.stdin();
    for (const word of words) {
      call.fs.write(call.shell.path(word), Buffer.from(text, 'latin1'), { append: flags.has('a') });
      call.shell.written.add(call.fs.resolve(call.shell.path(word)));
    }
    call.out(text);
    return 0;
  },
});

const xargs = defineCommand({
  names: ['xargs'],
  folder: '/usr/bin',
  async run(call) {
    const words = (await call.stdin()).split(/\s+/).filter(Boolean).slice(0, 1_024);
    const command = call.args.slice(1).filter((arg) => arg !== '-r');
    return call.shell.call([...(command.length ? command : ['echo']), ...words], call);
  },
});

const sed = defineCommand({
  names: ['sed'],
  folder: '/bin',
  async run(call) {
    const { flags, words } = options(call.args, 'e');
    const script = flags.get('e') ?? words.shift() ?? '';
    const text = await input(call, words);
    const [, from, to = '', how = ''] =
      /^s(?<mark>[^\w\s])(.*?)\k<mark>(.*?)\k<mark>([gi]*)$/s.exec(script)?.filter((_, i) => i !== 1) ?? [];
    if (from === undefined) call.out(text);
    else
      call.out(
        joined(
          lines(text).map((line) =>
            how.includes('g') ? line.replaceAll(from, () => to) : line.replace(from, () => to),
          ),
        ),
      );
    return 0;
  },
});

export const texts: readonly ShellCommand[] = [grep, head, wc, cut, awk, order, tr, base64, tee, xargs, sed];
