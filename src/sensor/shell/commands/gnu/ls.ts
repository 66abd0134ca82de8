import { type FileNode, FsError } from '../../fs.ts';
import { nameOfId } from '../../identity.ts';
import type { Call } from '../../shell.ts';
import { dateText, modeText } from '../listing.ts';
import { getopt, program, shellQuoted } from './getopt.ts';

const long = {
  all: 'a',
  'almost-all': 'A',
  directory: 'd',
  'human-readable': 'h',
  recursive: 'R',
  reverse: 'r',
  size: 's',
  inode: 'i',
  color: 'color',
  'full-time': 'full',
  classify: 'F',
  'group-directories-first': 'first',
  'time-style': 'style:',
  'no-group': 'G',
  version: 'version',
  help: 'help',
};
interface Entry {
  name: string;
  path: string;
  node: FileNode;
}

/** ls(1) of coreutils: columns as it sets them where somebody types, one a line for a pipe. */
export const ls = program('ls dir vdir', (call) => {
  const options = getopt(call, 'aAbBcCdDfFgGhHiIklLmnNopqQrRsStT:uUvw:xXZ1', long);
  if (!options) return 2;
  const { flags, words } = options;
  const { fs, shell } = call;
  const wide = call.args[0] === 'vdir' || ['l', 'n', 'g', 'o', 'full'].some((flag) => flags.has(flag));
  let status = 0;
  const files: Entry[] = [];
  const folders: Entry[] = [];
  for (const word of words.length ? words : ['.']) {
    shell.step();
    try {
      const path = shell.path(word);
      const node = fs.stat(path, !(wide && !word.endsWith('/')) || flags.has('H') || flags.has('L'));
      (node.kind === 'dir' && !flags.has('d') ? folders : files).push({ name: word, path, node });
    } catch (error) {
      if (!(error instanceof FsError)) throw error;
      call.err(`ls: cannot access '${word}': ${error.message}\n`);
      status = 2;
    }
  }
  show(call, sorted(files, flags), flags, wide);
  const headed = folders.length > 1 || files.length > 0 || words.length > 1 || flags.has('R');
  let first = files.length === 0;
  const list = (entry: Entry, depth: number) => {
    let names: string[];
    try {
      names = fs.list(entry.path);
    } catch (error) {
      if (!(error instanceof FsError)) throw error;
      call.err(`ls: cannot open directory '${entry.name}': ${error.message}\n`);
      status = 2;
      return;
    }
    const hidden = flags.has('a') || flags.has('A') || flags.has('f');
    const entries = names
      .filter((name) => hidden || !name.startsWith('.'))
      .map((name) => {
        const path = `${entry.path}/${name}`;
        shell.step();
        return { name, path, node: fs.stat(path, false) };
      });
    const inside = sorted(entries, flags);
    if (flags.has('a') || flags.has('f'))
      inside.unshift(
        { name: '.', path: entry.path, node: entry.node },
        { name: '..', path: `${entry.path}/..`, node: fs.stat(`${entry.path}/..`) },
      );
    if (headed) call.out(`${first ? '' : '\n'}${entry.name}:\n`);
    first = false;
    if (wide || flags.has('s')) call.out(`total ${total(call, inside, flags.has('h'))}\n`);
    show(call, inside, flags, wide);
    if (!flags.has('R') || depth > 32) return;
    for (const one of inside)
      if (one.node.kind === 'dir' && !/^\.\.?$/.test(one.name))
        list({ ...one, name: `${entry.name.replace(/\/$/, '')}/${one.name}` }, depth + 1);
  };
  for (const folder of sorted(folders, flags)) list(folder, 0);
  return status;
});

function sorted(entries: Entry[], flags: Map<string, string>): Entry[] {
  const key = (name: string) => name.replace(/^\.+/, '').toLowerCase();
  const order = flags.has('t')
    ? (a: Entry, b: Entry) => b.node.mtime - a.node.mtime
    : flags.has('S')
      ? (a: Entry, b: Entry) => (b.node.size ?? 0) - (a.node.size ?? 0)
      : () => 0;
  const all =
    flags.has('f') || flags.has('U')
      ? entries
      : [...entries].sort(
          (a, b) =>
            order(a, b) ||
            (key(a.name) < key(b.name) ? -1 : key(a.name) > key(b.name) ? 1 : a.name < b.name ? -1 : 1),
        );
  return flags.has('r') ? all.reverse() : all;
}

const blocks = (call: Call, { node }: Entry) =>
  node.kind === 'link' || node.kind === 'device'
    ? 0
    : Math.ceil((node.kind === 'dir' ? 4_096 : call.fs.size(node)) / 4_096) * 4;

function total(call: Call, entries: Entry[], human: boolean): string {
  const kb = entries.reduce((sum, entry) => sum + blocks(call, entry), 0);
  return human ? humanSize(kb * 1_024) : String(kb);
}

/** A size as `-h` of coreutils rounds it: always up, one digit below ten. */
export function humanSize(bytes: number): string {
  if (bytes < 1_024) return String(bytes);
  let value = bytes;
  let unit = 0;
  for (; value >= 1_024 && unit < 6; unit++) value /= 1_024;
  if (value < 9.95 || (value < 10 && Math.ceil(value * 10) < 100))
    return `${(Math.ceil(value * 10) / 10).toFixed(1)}${' KMGTPE'[unit]}`;
  const whole = Math.ceil(value);
  return whole >= 1_024 ? `1.0${' KMGTPE'[unit + 1]}` : `${whole}${' KMGTPE'[unit]}`;
}

function show(call: Call, entries: Entry[], flags: Map<string, string>, wide: boolean): void {
  const { fs, hooks } = call;
  const mark = ({ name, node }: Entry) => {
    const shown = call.isTerminal && /[\s'"$&;()|<>*?!#\\]/.test(name) ? shellQuoted(name) : name;
    if (flags.has('p') && !flags.has('F')) return node.kind === 'dir' ? `${shown}/` : shown;
    if (!flags.has('F')) return shown;
    return `${shown}${node.kind === 'dir' ? '/' : node.kind === 'link' ? '@' : node.mode & 0o111 && node.kind === 'file' ? '*' : ''}`;
  };
  if (!wide) {
    const names = entries.map((entry) => `${flags.has('s') ? `${blocks(call, entry)} ` : ''}${mark(entry)}`);
    if (call.isTerminal && call.shell.interactive && !flags.has('1')) call.out(columns(names, 80));
    else for (const name of names) call.out(`${name}\n`);
    return;
  }
  const numbers = flags.has('n');
  const rows = entries.map((entry) => {
    const { node, name } = entry;
    const size =
      node.kind === 'device'
        ? '1, 3'
        : flags.has('h')
          ? humanSize(node.kind === 'dir' ? 4_096 : fs.size(node))
          : String(node.kind === 'dir' ? 4_096 : node.kind === 'link' ? node.target!.length : fs.size(node));
    const user = numbers ? String(node.uid) : nameOfId(fs, '/etc/passwd', node.uid);
    const group = numbers ? String(node.gid) : nameOfId(fs, '/etc/group', node.gid);
    const links = node.kind === 'dir' ? 2 + folderCount(call, entry) : 1;
    const date =
      flags.has('full') || flags.get('style')?.startsWith('full')
        ? `${new Date(node.mtime).toISOString().replace('T', ' ').replace('Z', '000000')} +0000`
        : flags.get('style') === 'long-iso'
          ? new Date(node.mtime).toISOString().slice(0, 16).replace('T', ' ')
          : dateText(node.mtime, hooks.now());
    const tail = node.kind === 'link' ? `${name} -> ${node.target}` : mark(entry);
    return { mode: modeText(node), links: String(links), user, group, size, date, tail };
  });
  const width = (of: (row: (typeof rows)[0]) => string) => Math.max(0, ...rows.map((row) => of(row).length));
  const [links, user, group, size] = [
    width((r) => r.links),
    width((r) => r.user),
    width((r) => r.group),
    width((r) => r.size),
  ];
  for (const row of rows) {
    const owner = flags.has('g') ? '' : ` ${row.user.padEnd(user)}`;
    const other = flags.has('o') || flags.has('G') ? '' : ` ${row.group.padEnd(group)}`;
    call.out(
      `${row.mode} ${row.links.padStart(links)}${owner}${other} ${row.size.padStart(size)} ${row.date} ${row.tail}\n`,
    );
  }
}

function folderCount({ fs, shell }: Call, { path, node, name }: Entry): number {
  if (name === '..' || node.mode === 0) return 0;
  try {
    const names = fs.list(path);
    shell.step(names.length >> 3);
    return names.slice(0, 512).filter((one) => fs.stat(`${path}/${one}`, false).kind === 'dir').length;
  } catch (error) {
    if (error instanceof FsError) return 0;
    throw error;
  }
}

/** Names in columns, top to bottom, two blanks between (coreutils' ls at a terminal). */
export function columns(names: string[], width: number): string {
  if (names.length === 0) return '';
  for (let count = Math.min(names.length, Math.floor(width / 3)); count >= 1; count--) {
    const rows = Math.ceil(names.length / count);
    const used = Math.ceil(names.length / rows);
    const widths = Array.from(
      { length: used },
      (_, c) =>
        Math.max(...names.slice(c * rows, c * rows + rows).map((name) => name.length)) +
        (c === used - 1 ? 0 : 2),
    );
    if (count > 1 && widths.reduce((sum, one) => sum + one, 0) > width - 1) continue;
    return Array.from({ length: rows }, (_, r) => {
      const line = Array.from({ length: used }, (_, c) => names[c * rows + r]).filter(
        (name) => name !== undefined,
      );
      return `${line.map((name, c) => (c === line.length - 1 ? name : name.padEnd(widths[c]!))).join('')}\n`;
    }).join('');
  }
  return '';
}
